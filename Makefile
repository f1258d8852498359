# Every target sets up what it needs; nothing has to be installed by hand.
PYTHON ?= python3
BIN := .venv/bin

.PHONY: serve test check requirements
