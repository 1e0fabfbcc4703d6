# frozen_string_literal: true

require 'socket'
begin
  # Only a bundle has it.
  require 'greeting'
rescue LoadError
  GREETING = 'greets'
end

class Greeter
  def greet(name)
    "Ruby #{GREETING} #{name}#{defined?(OWN) ? ', as it was told' : ''}\n"
  end
end

# Greets whoever is asked for at /hello/NAME.
server = TCPServer.new('127.0.0.1', Integer(ENV.fetch('PORT')))
loop do
  client = server.accept
  name = client.gets.split[1].delete_prefix('/hello/')
  nil until client.gets.chomp.empty?
  body = Greeter.new.greet(name)
  client.write("HTTP/1.1 200 OK\r\nContent-Length: #{body.bytesize}\r\nConnection: close\r\n\r\n#{body}")
  client.close
end
