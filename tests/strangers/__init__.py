"""Four offices that the product was not made with, each with a month of village mail and a second campaign of its own.

Each was looked into after its first contact and its mistakes mended at their reason, so that today's scores tell how
well the four are learnt. What the next office will show, that nobody has seen, is told by the first contacts alone
(``test_strangers``): a fifth would have to be written by somebody who knows the CONTRACT and not the product.
"""
