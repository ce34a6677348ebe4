# Signs with encode_www_form over the flat names in order and names the charset, as Ruby clients of the API do.
require 'json'
require 'net/http'
require 'openssl'
require 'uri'

BASE = ENV.fetch('TINYCERT_URL')
KEY = ENV.fetch('TINYCERT_API_KEY')

def call(endpoint, parameters)
  query = URI.encode_www_form(parameters.sort)
  digest = OpenSSL::HMAC.hexdigest(OpenSSL::Digest.new('sha256'), KEY, query)
  uri = URI("#{BASE}/#{endpoint}")
  http = Net::HTTP.new(uri.host, uri.port)
  http.ipaddr = '127.0.0.1'
  http.use_ssl = true
  http.ca_file = ENV.fetch('TINYCERT_CA_FILE')
  http.verify_mode = OpenSSL::SSL::VERIFY_PEER
  request = Net::HTTP::Post.new(uri.request_uri)
  request['Content-Type'] = 'application/x-www-form-urlencoded; charset=utf-8'
  request.body = "#{query}&digest=#{digest}"
  answer = http.request(request)
  [answer.code, answer.body]
end

$stdout.sync = true
$stdin.set_encoding('UTF-8')
$stdin.each_line do |line|
  endpoint, *rest = line.chomp.split("\t", -1)
  status, body = call(endpoint, rest.each_slice(2).to_a)
  JSON.parse(body)
  puts "#{status}\t#{body}"
end
