using System;
using System.Collections.Generic;
using System.Globalization;
using System.IO;
using System.Linq;
using System.Net;
using System.Net.Http;
using System.Runtime.Serialization.Json;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using System.Text.RegularExpressions;
using System.Threading;
using System.Threading.Tasks;
using System.Xml;
using System.Xml.Linq;

/// <summary>What a client needs to know. A client certificate (PKCS#12) takes the place of the key; the base is then the
/// clientauth. host.</summary>
public sealed class Settings
{
    public string Base;
    public string ApiKey = "";
    public X509Certificate2 Certificate;
    public int Attempts = 5;
    /// <summary>Of one call, waits included.</summary>
    public TimeSpan Deadline, ConnectTimeout, ReadTimeout, BackoffBase, BackoffCap, Poll;

    /// <exception cref="ArgumentException">says what is missing</exception>
    public static Settings FromEnvironment()
    {
        string address = Text("DC_BASE", ""), key = Text("DC_API_KEY", ""), certificate = Text("DC_CLIENT_CERT", "");
        if (address == "") throw new ArgumentException("set DC_BASE to the address of the service, such as https://ca.example");
        if (key == "" && certificate == "")
            throw new ArgumentException("set DC_API_KEY to the token of a service user, or DC_CLIENT_CERT");
        return new Settings
        {
            Base = address.TrimEnd('/'),
            ApiKey = key,
            Certificate = certificate == "" ? null : new X509Certificate2(certificate, Text("DC_CLIENT_CERT_PASSWORD", "")),
            Attempts = int.Parse(Text("DC_ATTEMPTS", "5"), CultureInfo.InvariantCulture),
            Deadline = Seconds("DC_DEADLINE", "120"),
            ConnectTimeout = Seconds("DC_CONNECT_TIMEOUT", "5"),
            ReadTimeout = Seconds("DC_READ_TIMEOUT", "30"),
            BackoffBase = Seconds("DC_BACKOFF_BASE", "1"),
            BackoffCap = Seconds("DC_BACKOFF_CAP", "60"),
            Poll = Seconds("DC_POLL", "5"),
        };
    }

    static string Text(string name, string fallback)
    {
        string value = Environment.GetEnvironmentVariable(name);
        return string.IsNullOrEmpty(value) ? fallback : value;
    }

    static TimeSpan Seconds(string name, string fallback)
    {
        return TimeSpan.FromSeconds(double.Parse(Text(name, fallback), CultureInfo.InvariantCulture));
    }
}

/// <summary>A call that failed for good. The status is null when no answer came.</summary>
public sealed class ApiException : Exception
{
    public readonly int? Status;
    public readonly string Code, Field, RequestId;

    public ApiException(string message, string requestId, int? status = null, string code = null, string field = null)
        : base(message + " (request " + requestId + ")")
    {
        Status = status;
        Code = code;
        Field = field;
        RequestId = requestId;
    }
}

/// <summary>A small client of the DigiCert ONE APIs that retries without doing harm. C# 7 with nothing but the standard
/// library. One object serves all threads.</summary>
public sealed class DigiCertOne : IDisposable
{
    readonly Settings settings;
    readonly Action<string> log;
    readonly HttpClient http;
    readonly Random random = new Random();

    /// <param name="log">takes one line for each try and each wait</param>
    public DigiCertOne(Settings settings, Action<string> log)
    {
        this.settings = settings;
        this.log = log;
        // A redirect would take the key elsewhere.
        var handler = new HttpClientHandler { AllowAutoRedirect = false, UseCookies = false };
        if (settings.Certificate != null) handler.ClientCertificates.Add(settings.Certificate);
        // Each try has a time-out of its own.
        http = new HttpClient(handler) { Timeout = Timeout.InfiniteTimeSpan };
    }

    public void Dispose()
    {
        http.Dispose();
    }

    /// <summary>Asks for a certificate in the seat's name, picks it up when it is not there at once, and gives it in PEM.</summary>
    public async Task<string> Issue(string profile, string seat, string csr, CancellationToken cancel)
    {
        XElement answer = await Call("POST", "/mpki/api/v1/certificate", Json.Object(
            Json.Object("profile", Json.Text("id", profile)),
            Json.Object("seat", Json.Text("seat_id", seat)),
            Json.Object("attributes", Json.Object("subject", Json.Text("common_name", seat))),
            Json.Text("csr", csr)), cancel);
        if (Json.Read(answer, "certificate") != null) return Json.Read(answer, "certificate");
        string requestId = Json.Read(answer, "request_id");
        DateTime giveUpAt = DateTime.UtcNow + settings.Deadline;
        while (true)
        {
            answer = await Call("POST", "/mpki/api/v1/certificate-pickup/" + Uri.EscapeDataString(requestId),
                Json.Object(Json.Object("profile", Json.Text("id", profile))), cancel);
            if (Json.Read(answer, "certificate") != null) return Json.Read(answer, "certificate");
            if (Json.Read(answer, "status") == "REJECTED") throw new ApiException("the request was rejected", requestId);
            if (DateTime.UtcNow + settings.Poll > giveUpAt)
                throw new ApiException("there is no certificate yet, pick it up later", requestId);
            await Task.Delay(settings.Poll, cancel);
        }
    }

    public Task<XElement> Details(string serial, CancellationToken cancel)
    {
        return Call("GET", "/mpki/api/v1/certificate/" + Uri.EscapeDataString(serial), null, cancel);
    }

    public Task Revoke(string serial, string reason, CancellationToken cancel)
    {
        return Call("PUT", "/mpki/api/v1/certificate/" + Uri.EscapeDataString(serial) + "/revoke",
            Json.Object(Json.Text("revocation_reason", reason)), cancel);
    }

    /// <summary>One call with the retries that do no harm. Gives the JSON of the answer, null where it has no body.</summary>
    /// <exception cref="OperationCanceledException">the token was cancelled, also during a wait</exception>
    public async Task<XElement> Call(string method, string path, XElement body, CancellationToken cancel)
    {
        string requestId = Guid.NewGuid().ToString(), idempotencyKey = Guid.NewGuid().ToString();
        string call = method + " " + path;
        var clock = System.Diagnostics.Stopwatch.StartNew();
        for (int attempt = 1; ; attempt++)
        {
            TimeSpan? told = null;
            ApiException failure;
            try
            {
                Answer answer = await Send(Request(method, path, body, requestId, idempotencyKey), settings.Deadline - clock.Elapsed, cancel);
                log(call + ": try " + attempt + ", " + answer.Status + " [" + requestId + "]");
                if (answer.Status >= 200 && answer.Status < 300) return answer.Text == "" ? null : Json.Parse(answer.Text);
                failure = Refusal(call, answer, requestId);
                if (!new[] { 429, 500, 502, 503, 504 }.Contains(answer.Status)) throw failure;
                told = RetryAfter(answer.RetryAfter, answer.Date, DateTime.UtcNow);
            }
            catch (Exception error) when (!cancel.IsCancellationRequested && IsNoAnswer(error))
            {
                string reason = error is OperationCanceledException ? "time-out" : (error.InnerException ?? error).Message;
                log(call + ": try " + attempt + ", " + reason + " [" + requestId + "]");
                failure = new ApiException(call + ": no answer: " + reason, requestId);
            }

            if (attempt >= settings.Attempts) throw failure;
            TimeSpan least = told ?? Share(Ceiling(attempt), 1), left = settings.Deadline - clock.Elapsed;
            if (least >= left)
            {
                log("the next try would be in " + (long)least.TotalSeconds + " s, after the deadline [" + requestId + "]");
                throw failure;
            }
            // Up to a tenth more than told, so that those turned away together do not come back together.
            TimeSpan wait = told == null ? least : least + Share(least, 0.1);
            if (wait > left) wait = left;
            log(call + ": waiting " + (long)wait.TotalMilliseconds + " ms [" + requestId + "]");
            // Delays count in whole milliseconds.
            await Task.Delay(wait + TimeSpan.FromMilliseconds(1), cancel);
        }
    }

    TimeSpan Ceiling(int attempt)
    {
        double seconds = settings.BackoffBase.TotalSeconds * Math.Pow(2, attempt - 1);
        return TimeSpan.FromSeconds(Math.Min(seconds, settings.BackoffCap.TotalSeconds));
    }

    /// <summary>A random part of a time, up to that share of it.</summary>
    TimeSpan Share(TimeSpan time, double share)
    {
        lock (random) return TimeSpan.FromSeconds(time.TotalSeconds * share * random.NextDouble());
    }

    /// <summary>A request can be sent only once, so each try has its own; default headers of a shared client would mix up
    /// keys.</summary>
    HttpRequestMessage Request(string method, string path, XElement body, string requestId, string idempotencyKey)
    {
        var request = new HttpRequestMessage(new HttpMethod(method), settings.Base + path);
        request.Headers.Add("Accept", "application/json");
        request.Headers.Add("X-DC-TransactionId", requestId);
        if (settings.ApiKey != "") request.Headers.Add("X-API-Key", settings.ApiKey);
        // The server gives a repetition with the same key the first answer again. Against a server that does not know the
        // header, look for the certificate before you repeat a POST that was answered 500, 502 or 504, or not at all.
        if (method == "POST") request.Headers.Add("Idempotency-Key", idempotencyKey);
        if (body != null) request.Content = new StringContent(Json.Write(body), new UTF8Encoding(false), "application/json");
        return request;
    }

    sealed class Answer
    {
        public int Status;
        public string RetryAfter, Date, Text;
    }

    /// <summary>Sends once and reads the whole answer, within one time-out for both.</summary>
    async Task<Answer> Send(HttpRequestMessage request, TimeSpan left, CancellationToken cancel)
    {
        TimeSpan most = settings.ConnectTimeout + settings.ReadTimeout;
        using (request)
        using (var timeout = CancellationTokenSource.CreateLinkedTokenSource(cancel))
        {
            // A wait may end a moment late, and a negative time is none.
            TimeSpan limit = left < most ? left : most;
            timeout.CancelAfter(limit > TimeSpan.Zero ? limit : TimeSpan.Zero);
            using (HttpResponseMessage response = await http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, timeout.Token))
            // Reading takes no token everywhere: an answer that stalls is cut off.
            using (timeout.Token.Register(response.Dispose))
            {
                Task<byte[]> reading = response.Content.ReadAsByteArrayAsync();
                Task stopped = Task.Delay(Timeout.InfiniteTimeSpan, timeout.Token);
                if (await Task.WhenAny(reading, stopped) == stopped) throw new OperationCanceledException();
                return new Answer
                {
                    Status = (int)response.StatusCode,
                    RetryAfter = Header(response, "Retry-After"),
                    Date = Header(response, "Date"),
                    Text = Encoding.UTF8.GetString(await reading),
                };
            }
        }
    }

    static string Header(HttpResponseMessage response, string name)
    {
        IEnumerable<string> values;
        return response.Headers.TryGetValues(name, out values) ? string.Join(", ", values) : "";
    }

    static bool IsNoAnswer(Exception error)
    {
        return error is HttpRequestException || error is IOException || error is WebException
            || error is OperationCanceledException || error is ObjectDisposedException;
    }

    /// <summary>The error for a refusal, in whichever of its shapes: errors[], error, or bare code and message.</summary>
    static ApiException Refusal(string call, Answer answer, string requestId)
    {
        XElement body = Json.Parse(answer.Text);
        XElement first = body?.Element("errors")?.Elements().FirstOrDefault() ?? body?.Element("error") ?? body;
        string code = Json.Read(first, "code") ?? Json.Read(first, "status"), field = Json.Read(first, "field");
        // Such as a proxy's page.
        string page = Regex.Replace(answer.Text.Trim(), @"\s+", " ");
        string message = Json.Read(first, "message") ?? page.Substring(0, Math.Min(200, page.Length));
        string said = answer.Status + (code == null ? "" : " " + code) + (field == null ? "" : " (" + field + ")") + " " + message;
        if (answer.Status == 401) said += "; has the end date of the API key passed, or is the key disabled?";
        return new ApiException(call + ": " + said, Json.Read(body, "request_id") ?? requestId, answer.Status, code, field);
    }

    /// <summary>What the server asks to be left alone for, null where it gives nothing that makes sense.</summary>
    static TimeSpan? RetryAfter(string retryAfter, string date, DateTime now)
    {
        string text = retryAfter.Trim();
        // Longer than any deadline, and short enough to count with.
        if (Regex.IsMatch(text, "^[0-9]+$")) return TimeSpan.FromSeconds(text.Length > 9 ? 999999999 : int.Parse(text));
        DateTime? until = HttpDate(text);
        if (until == null) return null;
        // Against the server's own clock, in case one of the two is wrong.
        TimeSpan wait = until.Value - (HttpDate(date) ?? now);
        return wait < TimeSpan.Zero ? TimeSpan.Zero : wait;
    }

    /// <summary>RFC 9110, section 5.6.7: IMF-fixdate, RFC 850, asctime.</summary>
    static readonly string[] HttpDates = { "ddd, dd MMM yyyy HH:mm:ss 'GMT'", "dddd, dd-MMM-yy HH:mm:ss 'GMT'", "ddd MMM d HH:mm:ss yyyy" };

    static DateTime? HttpDate(string text)
    {
        DateTime moment;
        const DateTimeStyles asUtc = DateTimeStyles.AssumeUniversal | DateTimeStyles.AdjustToUniversal | DateTimeStyles.AllowInnerWhite;
        return DateTime.TryParseExact(text, HttpDates, CultureInfo.InvariantCulture, asUtc, out moment) ? moment : (DateTime?)null;
    }
}

/// <summary>JSON as the standard library has it: elements whose attribute "type" tells what they are.</summary>
static class Json
{
    public static XElement Object(params XElement[] members)
    {
        return Object("root", members);
    }

    public static XElement Object(string name, params XElement[] members)
    {
        return new XElement(name, new XAttribute("type", "object"), members);
    }

    public static XElement Text(string name, string value)
    {
        return new XElement(name, new XAttribute("type", "string"), value);
    }

    /// <summary>The text of a member, null where there is none.</summary>
    public static string Read(XElement value, string name)
    {
        XElement member = value?.Element(name);
        return member == null || (string)member.Attribute("type") == "null" ? null : member.Value;
    }

    public static string Write(XElement value)
    {
        using (var bytes = new MemoryStream())
        {
            using (XmlDictionaryWriter writer = JsonReaderWriterFactory.CreateJsonWriter(bytes)) value.Save(writer);
            return Encoding.UTF8.GetString(bytes.ToArray());
        }
    }

    /// <summary>Null where the text is not JSON.</summary>
    public static XElement Parse(string text)
    {
        if (text.Trim() == "") return null;
        try
        {
            byte[] bytes = Encoding.UTF8.GetBytes(text);
            using (XmlDictionaryReader reader = JsonReaderWriterFactory.CreateJsonReader(bytes, XmlDictionaryReaderQuotas.Max))
                return XElement.Load(reader);
        }
        catch (XmlException)
        {
            return null;
        }
    }
}
