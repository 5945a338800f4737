"""The values that flow through the pipeline: frozen, without behaviour beyond what they can tell of themselves.

A module for each stage, in the order of the flow::

    message -> content, read and filled -> submission -> facts -> finding -> verdict -> ledger, letter

The rules of the :mod:`campaign <pipeline.model.campaign>` and what the ledger remembers (:mod:`pipeline.model.past`)
enter from the side. Each is imported by its own name, so that whoever needs few of them loads few: to make all of
these classes takes longer than to read a township.

Names are those of the standards; ``…_at`` is an aware datetime, ``…_on`` a date, ``size`` octets, ``digest`` a
lower-case hex SHA-256.
"""
