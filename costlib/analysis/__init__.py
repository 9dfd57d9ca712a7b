"""Arithmetic on figures of the cube: tables in, tables out; no store, no disk, no network, no clock."""
