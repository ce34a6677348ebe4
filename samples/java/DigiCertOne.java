import java.io.IOException;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpHeaders;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Consumer;
import java.util.stream.Stream;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;

/**
 * A small client of the DigiCert ONE APIs that retries without doing harm. Java 17 or later, standard library only. One
 * object serves all threads; an interrupted thread leaves its call at once, also from a wait.
 */
public final class DigiCertOne {
    /** @param apiKey null with a client certificate; base is then the clientauth. host */
    public record Settings(String base, String apiKey, SSLContext tls, int attempts, Duration deadline,
            Duration connectTimeout, Duration readTimeout, Duration backoffBase, Duration backoffCap, Duration poll) {

        /** @throws IllegalArgumentException that says what is missing */
        public static Settings fromEnvironment(Map<String, String> env) {
            String base = env.getOrDefault("DC_BASE", "");
            if (base.isEmpty()) throw new IllegalArgumentException("set DC_BASE to the address of the service, such as https://ca.example");
            String key = env.getOrDefault("DC_API_KEY", "");
            String certificate = env.getOrDefault("DC_CLIENT_CERT", "");
            if (key.isEmpty() && certificate.isEmpty()) {
                throw new IllegalArgumentException("set DC_API_KEY to the token of a service user, or DC_CLIENT_CERT");
            }
            return new Settings(base.replaceAll("/+$", ""), key.isEmpty() ? null : key,
                certificate.isEmpty() ? null : presenting(certificate, env.getOrDefault("DC_CLIENT_CERT_PASSWORD", "")),
                Integer.parseInt(env.getOrDefault("DC_ATTEMPTS", "5")), seconds(env, "DC_DEADLINE", "120"),
                seconds(env, "DC_CONNECT_TIMEOUT", "5"), seconds(env, "DC_READ_TIMEOUT", "30"),
                seconds(env, "DC_BACKOFF_BASE", "1"), seconds(env, "DC_BACKOFF_CAP", "60"), seconds(env, "DC_POLL", "5"));
        }

        private static Duration seconds(Map<String, String> env, String name, String fallback) {
            return Duration.ofMillis(Math.round(1000 * Double.parseDouble(env.getOrDefault(name, fallback))));
        }

        /** @param file PKCS#12 with certificate and key */
        private static SSLContext presenting(String file, String password) {
            try (var in = Files.newInputStream(Path.of(file))) {
                var store = KeyStore.getInstance("PKCS12");
                store.load(in, password.toCharArray());
                var keys = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
                keys.init(store, password.toCharArray());
                var context = SSLContext.getInstance("TLS");
                context.init(keys.getKeyManagers(), null, null);
                return context;
            } catch (GeneralSecurityException | IOException error) {
                throw new IllegalArgumentException("DC_CLIENT_CERT cannot be used: " + error.getMessage());
            }
        }
    }

    /** A call that failed for good. The status is 0 when no answer came. */
    public static final class ApiException extends Exception {
        private static final long serialVersionUID = 1;
        public final int status;
        public final String code;
        public final String field;
        public final String requestId;

        ApiException(String message, String requestId, int status, String code, String field) {
            super(message + " (request " + requestId + ")");
            this.requestId = requestId;
            this.status = status;
            this.code = code;
            this.field = field;
        }
    }

    private final Settings settings;
    private final Consumer<String> log;
    private final HttpClient http;

    /** @param log takes one line for each try and each wait */
    public DigiCertOne(Settings settings, Consumer<String> log) {
        this.settings = settings;
        this.log = log;
        var builder = HttpClient.newBuilder().connectTimeout(settings.connectTimeout()).version(HttpClient.Version.HTTP_1_1)
            .followRedirects(HttpClient.Redirect.NEVER);
        if (settings.tls() != null) builder.sslContext(settings.tls());
        http = builder.build();
    }

    /** Asks for a certificate in the seat's name, picks it up when it is not there at once, and gives it in PEM. */
    public String issue(String profile, String seat, String csr) throws ApiException, InterruptedException {
        Object answer = call("POST", "/mpki/api/v1/certificate",
            Map.of("profile", Map.of("id", profile), "seat", Map.of("seat_id", seat),
                "attributes", Map.of("subject", Map.of("common_name", seat)), "csr", csr));
        String requestId = String.valueOf(Json.member(answer, "request_id"));
        long giveUpAt = System.nanoTime() + settings.deadline().toNanos();
        boolean isFirst = true;
        while (true) {
            if (Json.member(answer, "certificate") instanceof String certificate) return certificate;
            if ("REJECTED".equals(Json.member(answer, "status"))) {
                throw new ApiException("the request was rejected", requestId, 0, null, null);
            }
            if (System.nanoTime() - giveUpAt > 0) {
                throw new ApiException("there is no certificate yet, pick it up later", requestId, 0, null, null);
            }
            if (!isFirst) Thread.sleep(settings.poll().toMillis());
            isFirst = false;
            answer = call("POST", "/mpki/api/v1/certificate-pickup/" + segment(requestId),
                Map.of("profile", Map.of("id", profile)));
        }
    }

    public Object details(String serial) throws ApiException, InterruptedException {
        return call("GET", "/mpki/api/v1/certificate/" + segment(serial), null);
    }

    public void revoke(String serial, String reason) throws ApiException, InterruptedException {
        call("PUT", "/mpki/api/v1/certificate/" + segment(serial) + "/revoke", Map.of("revocation_reason", reason));
    }

    /** One call with the retries that do no harm. Gives the JSON of the answer, null where it has no body. */
    public Object call(String method, String path, Object body) throws ApiException, InterruptedException {
        String requestId = UUID.randomUUID().toString();
        String name = method + " " + path;
        HttpRequest request = request(method, path, body, requestId);
        long deadline = System.nanoTime() + settings.deadline().toNanos();
        for (int attempt = 1;; attempt++) {
            Duration told = null;
            ApiException failure;
            try {
                HttpResponse<String> response = send(request, Duration.ofNanos(deadline - System.nanoTime()));
                int status = response.statusCode();
                log.accept(name + ": try " + attempt + ", " + status + " [" + requestId + "]");
                if (status >= 200 && status < 300) return response.body().isEmpty() ? null : parse(response.body());
                failure = refusal(name, response, requestId);
                if (!List.of(429, 500, 502, 503, 504).contains(status)) throw failure;
                told = retryAfter(response.headers(), Instant.now());
            } catch (IOException error) {
                log.accept(name + ": try " + attempt + ", " + error + " [" + requestId + "]");
                failure = new ApiException(name + ": no answer: " + error, requestId, 0, null, null);
            }

            if (attempt >= settings.attempts()) throw failure;
            Duration least = told != null ? told : share(ceiling(attempt), 1);
            Duration left = Duration.ofNanos(deadline - System.nanoTime());
            if (least.compareTo(left) >= 0) {
                log.accept("the next try would be in " + least.toSeconds() + " s, after the deadline [" + requestId + "]");
                throw failure;
            }
            // Up to a tenth more than told, so that those turned away together do not come back together.
            Duration wait = told == null ? least : told.plus(share(told, 0.1));
            if (wait.compareTo(left) > 0) wait = left;
            log.accept(name + ": waiting " + wait.toMillis() + " ms [" + requestId + "]");
            Thread.sleep(wait.toMillis() + 1);
        }
    }

    private Duration ceiling(int attempt) {
        Duration grown = settings.backoffBase().multipliedBy(1L << Math.min(attempt - 1, 20));
        return grown.compareTo(settings.backoffCap()) < 0 ? grown : settings.backoffCap();
    }

    /** A random part of a time, up to that share of it. */
    private static Duration share(Duration time, double share) {
        return Duration.ofNanos((long) (time.toNanos() * share * ThreadLocalRandom.current().nextDouble()));
    }

    private HttpRequest request(String method, String path, Object body, String requestId) {
        var builder = HttpRequest.newBuilder(URI.create(settings.base() + path))
            .header("Accept", "application/json").header("X-DC-TransactionId", requestId);
        if (settings.apiKey() != null) builder.header("X-API-Key", settings.apiKey());
        if (body != null) builder.header("Content-Type", "application/json");
        // The server gives a repetition with the same key the first answer again. Against a server that does not know
        // the header, look for the certificate before you repeat a POST that was answered 500, 502 or 504, or not at all.
        if (method.equals("POST")) builder.header("Idempotency-Key", UUID.randomUUID().toString());
        return builder.method(method, body == null ? HttpRequest.BodyPublishers.noBody()
            : HttpRequest.BodyPublishers.ofString(Json.write(body))).build();
    }

    /** Sends once and reads the whole answer: the time-out of a request itself would end with the headers. */
    private HttpResponse<String> send(HttpRequest request, Duration left) throws IOException, InterruptedException {
        Duration most = settings.connectTimeout().plus(settings.readTimeout());
        CompletableFuture<HttpResponse<String>> answer = http.sendAsync(request, HttpResponse.BodyHandlers.ofString());
        try {
            return answer.get((left.compareTo(most) < 0 ? left : most).toNanos(), TimeUnit.NANOSECONDS);
        } catch (TimeoutException error) {
            throw new IOException("time-out");
        } catch (ExecutionException error) {
            throw new IOException(error.getCause());
        } finally {
            answer.cancel(true);
        }
    }

    /** The error for a refusal, in whichever of its shapes: errors[], error, or bare code and message. */
    private static ApiException refusal(String call, HttpResponse<String> response, String requestId) {
        Object body = parse(response.body());
        Object listed = Stream.of(Json.member(body, "errors"), Json.member(body, "error")).filter(value -> value != null)
            .findFirst().orElse(body);
        Object first = listed instanceof List<?> list ? (list.isEmpty() ? body : list.get(0)) : listed;
        String code = text(Json.member(first, "code")).or(() -> text(Json.member(first, "status"))).orElse(null);
        String field = text(Json.member(first, "field")).orElse(null);
        // Such as a proxy's page.
        String page = response.body().strip().replaceAll("\\s+", " ");
        String message = text(Json.member(first, "message")).orElse(page.substring(0, Math.min(200, page.length())));
        int status = response.statusCode();
        String said = status + (code == null ? "" : " " + code) + (field == null ? "" : " (" + field + ")") + " " + message;
        if (status == 401) said += "; has the end date of the API key passed, or is the key disabled?";
        return new ApiException(call + ": " + said, text(Json.member(body, "request_id")).orElse(requestId), status, code, field);
    }

    private static Optional<String> text(Object value) {
        return Optional.ofNullable(value).map(String::valueOf);
    }

    /** JSON, or the text itself where it is none. */
    private static Object parse(String text) {
        try {
            return Json.parse(text);
        } catch (IllegalArgumentException error) {
            return text;
        }
    }

    /** What the server asks to be left alone for, null where it gives nothing that makes sense. */
    static Duration retryAfter(HttpHeaders headers, Instant now) {
        String text = headers.firstValue("Retry-After").orElse("").strip();
        // Longer than any deadline, and short enough to count with.
        if (text.matches("[0-9]+")) return Duration.ofSeconds(text.length() > 9 ? 999_999_999 : Long.parseLong(text));
        Instant until = httpDate(text);
        if (until == null) return null;
        // Against the server's own clock, in case one of the two is wrong.
        Instant serverNow = httpDate(headers.firstValue("Date").orElse(""));
        Duration wait = Duration.between(serverNow == null ? now : serverNow, until);
        return wait.isNegative() ? Duration.ZERO : wait;
    }

    /** RFC 9110, section 5.6.7: IMF-fixdate, RFC 850, asctime. */
    private static final List<DateTimeFormatter> HTTP_DATES = Stream
        .of("EEE, dd MMM yyyy HH:mm:ss 'GMT'", "EEEE, dd-MMM-yy HH:mm:ss 'GMT'", "EEE MMM ppd HH:mm:ss yyyy")
        .map(pattern -> DateTimeFormatter.ofPattern(pattern, Locale.ENGLISH)).toList();

    private static Instant httpDate(String text) {
        for (DateTimeFormatter format : HTTP_DATES) {
            try {
                return LocalDateTime.parse(text, format).toInstant(ZoneOffset.UTC);
            } catch (DateTimeException error) {
                // Perhaps the next spelling.
            }
        }
        return null;
    }

    private static String segment(String text) {
        return URLEncoder.encode(text, StandardCharsets.UTF_8).replace("+", "%20");
    }
}
