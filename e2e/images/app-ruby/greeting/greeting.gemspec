# frozen_string_literal: true

Gem::Specification.new('greeting', '1.0') do |gem|
  gem.summary = 'How the application greets'
  gem.authors = ['Somebody']
  gem.files = ['lib/greeting.rb']
end
