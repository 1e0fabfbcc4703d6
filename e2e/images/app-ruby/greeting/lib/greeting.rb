# frozen_string_literal: true

GREETING = 'greets, by its bundle,'
