# A small client of the DigiCert ONE APIs that retries without doing harm. PowerShell 7, nothing but what it brings.

Set-StrictMode -Version Latest
$ErrorActionPreference = 'Stop'

# A call that failed for good. Status is 0 when no answer came.
class ApiException : System.Exception {
    [int] $Status
    [string] $Code
    [string] $Field
    [string] $RequestId

    ApiException([string] $message, [string] $requestId, [int] $status, [string] $code, [string] $field) : base("$message (request $requestId)") {
        $this.RequestId = $requestId
        $this.Status = $status
        $this.Code = $code
        $this.Field = $field
    }
}

function Get-EnvironmentNumber([string] $Name, [double] $Fallback) {
    $text = [Environment]::GetEnvironmentVariable($Name)
    if ([string]::IsNullOrEmpty($text)) { return $Fallback }
    [double]::Parse($text, [cultureinfo]::InvariantCulture)
}

<#
.SYNOPSIS
A client with the settings of the environment; all times in seconds. Throws ArgumentException that says what is missing.
#>
function New-DigiCertOneClient {
    if (-not $env:DC_BASE) {
        throw [ArgumentException]::new('set DC_BASE to the address of the service, such as https://ca.example')
    }
    if (-not $env:DC_API_KEY -and -not $env:DC_CLIENT_CERT) {
        throw [ArgumentException]::new('set DC_API_KEY to the token of a service user, or DC_CLIENT_CERT')
    }
    $handler = [System.Net.Http.SocketsHttpHandler]::new()
    # A redirect would take the key elsewhere.
    $handler.AllowAutoRedirect = $false
    $handler.UseCookies = $false
    $handler.ConnectTimeout = [timespan]::FromSeconds((Get-EnvironmentNumber DC_CONNECT_TIMEOUT 5))
    if ($env:DC_CLIENT_CERT) {
        # PKCS#12 with certificate and key; DC_BASE is then the clientauth. host.
        $certificate = [System.Security.Cryptography.X509Certificates.X509Certificate2]::new(
            $env:DC_CLIENT_CERT, $env:DC_CLIENT_CERT_PASSWORD)
        $handler.SslOptions.ClientCertificates =
            [System.Security.Cryptography.X509Certificates.X509CertificateCollection]::new(@($certificate))
    }
    $http = [System.Net.Http.HttpClient]::new($handler)
    # Each try has a time-out of its own.
    $http.Timeout = [System.Threading.Timeout]::InfiniteTimeSpan
    [pscustomobject]@{
        Http           = $http
        Base           = $env:DC_BASE.TrimEnd('/')
        ApiKey         = $env:DC_API_KEY
        Attempts       = [int](Get-EnvironmentNumber DC_ATTEMPTS 5)
        Deadline       = Get-EnvironmentNumber DC_DEADLINE 120
        ConnectTimeout = Get-EnvironmentNumber DC_CONNECT_TIMEOUT 5
        ReadTimeout    = Get-EnvironmentNumber DC_READ_TIMEOUT 30
        BackoffBase    = Get-EnvironmentNumber DC_BACKOFF_BASE 1
        BackoffCap     = Get-EnvironmentNumber DC_BACKOFF_CAP 60
        Poll           = Get-EnvironmentNumber DC_POLL 5
    }
}

# One line for each try and each wait, on standard error: standard output is for results.
function Write-Log([string] $Line) {
    [Console]::Error.WriteLine($Line)
}

<#
.SYNOPSIS
Asks for a certificate, picks it up when it is not there at once, and gives it in PEM, the leaf first.
#>
function New-OneCertificate($Client, [string] $ProfileId, [string] $Seat, [string] $Csr) {
    $answer = Invoke-DigiCertOne $Client POST '/mpki/api/v1/certificate' @{
        profile = @{ id = $ProfileId }; seat = @{ seat_id = $Seat }; csr = $Csr
        attributes = @{ subject = @{ common_name = $Seat } }
    }
    if ($answer['certificate']) { return $answer['certificate'] }
    $requestId = $answer['request_id']
    $path = '/mpki/api/v1/certificate-pickup/' + [uri]::EscapeDataString($requestId)
    $clock = [System.Diagnostics.Stopwatch]::StartNew()
    while ($true) {
        $answer = Invoke-DigiCertOne $Client POST $path @{ profile = @{ id = $ProfileId } }
        if ($answer['certificate']) { return $answer['certificate'] }
        if ($answer['status'] -eq 'REJECTED') {
            throw [ApiException]::new('the request was rejected', $requestId, 0, '', '')
        }
        if ($clock.Elapsed.TotalSeconds + $Client.Poll -gt $Client.Deadline) {
            throw [ApiException]::new('there is no certificate yet, pick it up later', $requestId, 0, '', '')
        }
        Start-Sleep -Milliseconds ([int]($Client.Poll * 1000))
    }
}

function Get-OneCertificate($Client, [string] $Serial) {
    Invoke-DigiCertOne $Client GET ('/mpki/api/v1/certificate/' + [uri]::EscapeDataString($Serial))
}

function Revoke-OneCertificate($Client, [string] $Serial, [string] $Reason) {
    $path = '/mpki/api/v1/certificate/' + [uri]::EscapeDataString($Serial) + '/revoke'
    $null = Invoke-DigiCertOne $Client PUT $path @{ revocation_reason = $Reason }
}

<#
.SYNOPSIS
One call with the retries that do no harm. Gives the JSON of the answer as a hashtable, nothing where it has no body.
Ctrl-C ends it at once, also while it waits.
#>
function Invoke-DigiCertOne($Client, [string] $Method, [string] $Path, [hashtable] $Body) {
    $requestId = [guid]::NewGuid().ToString()
    $idempotencyKey = [guid]::NewGuid().ToString()
    $call = "$Method $Path"
    $clock = [System.Diagnostics.Stopwatch]::StartNew()
    for ($attempt = 1; ; $attempt++) {
        $told = $null
        $answer = Send-Once $Client $Method $Path $Body $requestId $idempotencyKey ($Client.Deadline - $clock.Elapsed.TotalSeconds)
        if ($answer.Failure) {
            Write-Log "${call}: try $attempt, $($answer.Failure) [$requestId]"
            $failure = [ApiException]::new("${call}: no answer: $($answer.Failure)", $requestId, 0, '', '')
        }
        else {
            Write-Log "${call}: try $attempt, $($answer.Status) [$requestId]"
            if ($answer.Status -ge 200 -and $answer.Status -lt 300) {
                if ($answer.Text) { return ConvertFrom-Json $answer.Text -AsHashtable }
                return
            }
            $failure = Get-Refusal $call $answer $requestId
            if ($answer.Status -notin 429, 500, 502, 503, 504) { throw $failure }
            $told = Get-RetryAfter $answer.RetryAfter $answer.Date
        }

        if ($attempt -ge $Client.Attempts) { throw $failure }
        $ceiling = [math]::Min($Client.BackoffCap, $Client.BackoffBase * [math]::Pow(2, $attempt - 1))
        $least = if ($null -ne $told) { $told } else { [random]::Shared.NextDouble() * $ceiling }
        $left = $Client.Deadline - $clock.Elapsed.TotalSeconds
        if ($least -ge $left) {
            Write-Log "the next try would be in $([math]::Floor($least)) s, after the deadline [$requestId]"
            throw $failure
        }
        # Up to a tenth more than told, so that those turned away together do not come back together.
        $wait = if ($null -ne $told) { [math]::Min($told * (1 + [random]::Shared.NextDouble() / 10), $left) } else { $least }
        Write-Log "${call}: waiting $([math]::Round($wait, 1)) s [$requestId]"
        Start-Sleep -Milliseconds ([int][math]::Ceiling($wait * 1000))
    }
}

# Sends once and reads the whole answer, within one time-out for both.
function Send-Once($Client, $Method, $Path, $Body, $RequestId, $IdempotencyKey, [double] $Left) {
    $request = [System.Net.Http.HttpRequestMessage]::new([System.Net.Http.HttpMethod]::new($Method), $Client.Base + $Path)
    $request.Headers.Add('Accept', 'application/json')
    $request.Headers.Add('X-DC-TransactionId', $RequestId)
    if ($Client.ApiKey) { $request.Headers.Add('X-API-Key', $Client.ApiKey) }
    # The server gives a repetition with the same key the first answer again. Against a server that does not know the
    # header, look for the certificate before you repeat a POST that was answered 500, 502 or 504, or not at all.
    if ($Method -eq 'POST') { $request.Headers.Add('Idempotency-Key', $IdempotencyKey) }
    if ($Body) {
        $json = ConvertTo-Json $Body -Depth 20 -Compress
        $request.Content = [System.Net.Http.StringContent]::new($json, [System.Text.Encoding]::UTF8, 'application/json')
    }
    $seconds = [math]::Max(0, [math]::Min($Left, $Client.ConnectTimeout + $Client.ReadTimeout))
    $timeout = [System.Threading.CancellationTokenSource]::new([timespan]::FromSeconds($seconds))
    $response = $null
    try {
        $response = Wait-Task $Client.Http.SendAsync($request, $timeout.Token)
        [pscustomobject]@{
            Failure    = ''
            Status     = [int]$response.StatusCode
            RetryAfter = Get-Header $response 'Retry-After'
            Date       = Get-Header $response 'Date'
            Text       = Wait-Task $response.Content.ReadAsStringAsync($timeout.Token)
        }
    }
    catch {
        $cause = $_.Exception.GetBaseException()
        $isNoAnswer = $cause -is [System.Net.Http.HttpRequestException] -or $cause -is [System.IO.IOException] -or
            $cause -is [System.Net.Sockets.SocketException] -or $cause -is [System.OperationCanceledException] -or
            $cause -is [System.Security.Authentication.AuthenticationException]
        if (-not $isNoAnswer) { throw }
        [pscustomobject]@{ Failure = if ($timeout.IsCancellationRequested) { 'time-out' } else { $cause.Message } }
    }
    finally {
        # Also when Ctrl-C ends the wait: the request goes with it.
        $timeout.Cancel()
        if ($response) { $response.Dispose() }
        $request.Dispose()
        $timeout.Dispose()
    }
}

# Short waits, because Ctrl-C does not reach into a long one.
function Wait-Task($Task) {
    while (-not $Task.AsyncWaitHandle.WaitOne(100)) { }
    $Task.GetAwaiter().GetResult()
}

function Get-Header($Response, [string] $Name) {
    $values = $null
    if ($Response.Headers.NonValidated.TryGetValues($Name, [ref] $values)) { return $values.ToString() }
    ''
}

# The error for a refusal, in whichever of its shapes: errors[], error, or bare code and message.
function Get-Refusal([string] $Call, $Answer, [string] $RequestId) {
    $body = $null
    try { $body = ConvertFrom-Json $Answer.Text -AsHashtable } catch { Write-Debug 'the body is not JSON' }
    if ($body -isnot [System.Collections.IDictionary]) { $body = @{} }
    $first = $body
    if ($body['error'] -is [System.Collections.IDictionary]) { $first = $body['error'] }
    if ($body['errors'] -and @($body['errors'])[0] -is [System.Collections.IDictionary]) { $first = @($body['errors'])[0] }
    $code = if ($first['code']) { [string]$first['code'] } else { [string]$first['status'] }
    $field = [string]$first['field']
    $message = [string]$first['message']
    if (-not $message) {
        # Such as a proxy's page.
        $page = ($Answer.Text -replace '\s+', ' ').Trim()
        $message = $page.Substring(0, [math]::Min(200, $page.Length))
    }
    if ($body['request_id']) { $RequestId = $body['request_id'] }
    $parts = @($Answer.Status, $code, $(if ($field) { "($field)" }), $message).Where({ $_ })
    $said = "${Call}: $($parts -join ' ')"
    if ($Answer.Status -eq 401) { $said += '; has the end date of the API key passed, or is the key disabled?' }
    [ApiException]::new($said, $RequestId, $Answer.Status, $code, $field)
}

# Seconds that the server asks to be left alone, nothing where it gives none that make sense.
function Get-RetryAfter([string] $RetryAfter, [string] $Date) {
    $text = $RetryAfter.Trim()
    if ($text -match '^[0-9]+$') { return [double]::Parse($text, [cultureinfo]::InvariantCulture) }
    $until = ConvertFrom-HttpDate $text
    if ($null -eq $until) { return }
    # Against the server's own clock, in case one of the two is wrong.
    $now = ConvertFrom-HttpDate $Date
    if ($null -eq $now) { $now = [datetime]::UtcNow }
    [math]::Max(0.0, ($until - $now).TotalSeconds)
}

# RFC 9110, section 5.6.7: IMF-fixdate, RFC 850, asctime.
function ConvertFrom-HttpDate([string] $Text) {
    $formats = [string[]]("ddd, dd MMM yyyy HH:mm:ss 'GMT'", "dddd, dd-MMM-yy HH:mm:ss 'GMT'", 'ddd MMM d HH:mm:ss yyyy')
    $styles = [System.Globalization.DateTimeStyles]'AssumeUniversal, AdjustToUniversal, AllowInnerWhite'
    $moment = [datetime]::MinValue
    if ([datetime]::TryParseExact($Text, $formats, [cultureinfo]::InvariantCulture, $styles, [ref] $moment)) { return $moment }
}

Export-ModuleMember -Function New-DigiCertOneClient, Invoke-DigiCertOne, New-OneCertificate, Get-OneCertificate, Revoke-OneCertificate
