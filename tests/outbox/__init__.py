"""Tests of pipeline.outbox."""
