# frozen_string_literal: true

# What the application itself has Ruby load first.
OWN = true
