# frozen_string_literal: true

# Stands in for the entry of OpenTelemetry's agent for Ruby: finds its gems where that does, beside those of a bundle.
Dir["#{ENV.fetch('OTEL_RUBY_ADDITIONAL_GEM_PATH')}/gems/*/lib"].each { |lib| $LOAD_PATH.unshift(lib) }
require 'stand_in'
