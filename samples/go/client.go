// A small client of the DigiCert ONE APIs that retries without doing harm. Go 1.19 or later, standard library only.
package main

import (
	"bytes"
	"context"
	"crypto/rand"
	"crypto/tls"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"log"
	"math"
	mathrand "math/rand"
	"net"
	"net/http"
	"net/url"
	"os"
	"strconv"
	"strings"
	"time"
)

// Settings of a client.
type Settings struct {
	Base           string // such as https://ca.example; with a client certificate the clientauth. host
	APIKey         string // may be empty with a client certificate
	Certificates   []tls.Certificate
	Attempts       int
	Deadline       time.Duration // of one call, waits included
	ConnectTimeout time.Duration
	ReadTimeout    time.Duration
	BackoffBase    time.Duration
	BackoffCap     time.Duration
	Poll           time.Duration // between two pickups
}

// SettingsFromEnvironment fails with what is missing.
func SettingsFromEnvironment() (Settings, error) {
	settings := Settings{Base: strings.TrimRight(os.Getenv("DC_BASE"), "/"), APIKey: os.Getenv("DC_API_KEY")}
	certificate := os.Getenv("DC_CLIENT_CERT") // certificate and key in PEM
	if settings.Base == "" {
		return settings, errors.New("set DC_BASE to the address of the service, such as https://ca.example")
	}
	if settings.APIKey == "" && certificate == "" {
		return settings, errors.New("set DC_API_KEY to the token of a service user, or DC_CLIENT_CERT")
	}
	if certificate != "" {
		pair, err := tls.LoadX509KeyPair(certificate, certificate)
		if err != nil {
			return settings, fmt.Errorf("DC_CLIENT_CERT cannot be used: %w", err)
		}
		settings.Certificates = []tls.Certificate{pair}
	}
	attempts, err := number("DC_ATTEMPTS", 5)
	settings.Attempts = int(attempts)
	for name, member := range map[string]struct {
		value    *time.Duration
		fallback float64
	}{
		"DC_DEADLINE":        {&settings.Deadline, 120},
		"DC_CONNECT_TIMEOUT": {&settings.ConnectTimeout, 5},
		"DC_READ_TIMEOUT":    {&settings.ReadTimeout, 30},
		"DC_BACKOFF_BASE":    {&settings.BackoffBase, 1},
		"DC_BACKOFF_CAP":     {&settings.BackoffCap, 60},
		"DC_POLL":            {&settings.Poll, 5},
	} {
		seconds, wrong := number(name, member.fallback)
		if wrong != nil {
			err = wrong
		}
		*member.value = time.Duration(seconds * float64(time.Second))
	}
	return settings, err
}

func number(name string, fallback float64) (float64, error) {
	text := os.Getenv(name)
	if text == "" {
		return fallback, nil
	}
	value, err := strconv.ParseFloat(text, 64)
	if err != nil {
		return 0, fmt.Errorf("%s is not a number", name)
	}
	return value, nil
}

// APIError is a call that failed for good. Status is 0 when no answer came.
type APIError struct {
	Status                         int
	Code, Field, Message, Call, ID string
}

func (e *APIError) Error() string {
	parts := []string{e.Call + ":"}
	if e.Status != 0 {
		parts = append(parts, strconv.Itoa(e.Status))
	}
	if e.Code != "" {
		parts = append(parts, e.Code)
	}
	if e.Field != "" {
		parts = append(parts, "("+e.Field+")")
	}
	parts = append(parts, e.Message, "(request "+e.ID+")")
	if e.Status == http.StatusUnauthorized {
		parts = append(parts, "has the end date of the API key passed, or is the key disabled?")
	}
	return strings.Join(parts, " ")
}

// Client may be used by several goroutines. It keeps connections open between calls.
type Client struct {
	settings Settings
	http     *http.Client
}

// NewClient makes a client that does not follow redirects: they would take the key elsewhere.
func NewClient(settings Settings) *Client {
	transport := http.DefaultTransport.(*http.Transport).Clone()
	transport.DialContext = (&net.Dialer{Timeout: settings.ConnectTimeout}).DialContext
	transport.TLSHandshakeTimeout = settings.ConnectTimeout
	transport.TLSClientConfig = &tls.Config{Certificates: settings.Certificates, MinVersion: tls.VersionTLS12}
	mathrand.Seed(time.Now().UnixNano())
	return &Client{settings, &http.Client{
		Transport:     transport,
		CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
	}}
}

// Certificate is what issue and pickup give.
type Certificate struct {
	SerialNumber string `json:"serial_number"`
	Certificate  string `json:"certificate"` // PEM, the leaf first
	RequestID    string `json:"request_id"`
	Status       string `json:"status"`
}

type id struct {
	ID string `json:"id"`
}

// Issue asks for a certificate in the seat's name, and picks it up when it is not there at once.
func (c *Client) Issue(ctx context.Context, profile, seat, csr string) (Certificate, error) {
	var answer Certificate
	request := map[string]any{
		"profile":    id{profile},
		"seat":       map[string]string{"seat_id": seat},
		"attributes": map[string]any{"subject": map[string]string{"common_name": seat}},
		"csr":        csr,
	}
	if err := c.Call(ctx, "POST", "/mpki/api/v1/certificate", request, &answer); err != nil || answer.Certificate != "" {
		return answer, err
	}
	requestID := answer.RequestID
	giveUpAt := time.Now().Add(c.settings.Deadline)
	for {
		answer = Certificate{}
		path := "/mpki/api/v1/certificate-pickup/" + url.PathEscape(requestID)
		if err := c.Call(ctx, "POST", path, map[string]any{"profile": id{profile}}, &answer); err != nil || answer.Certificate != "" {
			return answer, err
		}
		if answer.Status == "REJECTED" {
			return answer, fmt.Errorf("issue: request %s was rejected", requestID)
		}
		if time.Now().Add(c.settings.Poll).After(giveUpAt) {
			return answer, fmt.Errorf("issue: there is no certificate yet, pick up request %s later", requestID)
		}
		if err := sleep(ctx, c.settings.Poll); err != nil {
			return answer, err
		}
	}
}

// Details of a certificate, as far as the sample shows them.
type Details struct {
	SerialNumber string `json:"serial_number"`
	Status       string `json:"status"`
}

// Details reads one certificate.
func (c *Client) Details(ctx context.Context, serial string) (details Details, err error) {
	err = c.Call(ctx, "GET", "/mpki/api/v1/certificate/"+url.PathEscape(serial), nil, &details)
	return details, err
}

// Revoke ends a certificate.
func (c *Client) Revoke(ctx context.Context, serial, reason string) error {
	path := "/mpki/api/v1/certificate/" + url.PathEscape(serial) + "/revoke"
	return c.Call(ctx, "PUT", path, map[string]string{"revocation_reason": reason}, nil)
}

// Call makes one call with the retries that do no harm, and reads the JSON of the answer into result, if there is any.
func (c *Client) Call(ctx context.Context, method, path string, body, result any) error {
	payload, err := json.Marshal(body)
	if err != nil {
		return err
	}
	header := http.Header{}
	requestID := uuid()
	header.Set("Accept", "application/json")
	header.Set("X-DC-TransactionId", requestID)
	if c.settings.APIKey != "" {
		header.Set("X-API-Key", c.settings.APIKey)
	}
	if body == nil {
		payload = nil
	} else {
		header.Set("Content-Type", "application/json")
	}
	if method == "POST" {
		// The server gives a repetition with the same key the first answer again. Against a server that does not know
		// the header, look for the certificate before you repeat a POST that was answered 500, 502 or 504, or not at all.
		header.Set("Idempotency-Key", uuid())
	}
	call := method + " " + path
	deadline := time.Now().Add(c.settings.Deadline)

	for attempt := 1; ; attempt++ {
		var told time.Duration
		isTold := false
		answer, failure := c.send(ctx, method, path, header, payload, deadline)
		switch {
		case ctx.Err() != nil:
			return ctx.Err()
		case failure != nil:
			log.Printf("%s: try %d, %v [%s]", call, attempt, failure, requestID)
			failure = &APIError{Call: call, ID: requestID, Message: "no answer: " + failure.Error()}
		default:
			log.Printf("%s: try %d, %d [%s]", call, attempt, answer.status, requestID)
			if answer.status >= 200 && answer.status < 300 {
				if result == nil || len(answer.body) == 0 {
					return nil
				}
				return json.Unmarshal(answer.body, result)
			}
			failure = refusal(call, answer, requestID)
			switch answer.status {
			case 429, 500, 502, 503, 504:
				told, isTold = retryAfter(answer.header, time.Now())
			default:
				return failure
			}
		}

		if attempt >= c.settings.Attempts {
			return failure
		}
		least := told
		if !isTold {
			least = share(c.ceiling(attempt), 1)
		}
		left := time.Until(deadline)
		if least >= left {
			log.Printf("%s: the next try would be in %.0f s, after the deadline [%s]", call, least.Seconds(), requestID)
			return failure
		}
		wait := least
		if isTold {
			// Up to a tenth more than told, so that those turned away together do not come back together.
			wait += share(told, 0.1)
		}
		if wait > left {
			wait = left
		}
		log.Printf("%s: waiting %v [%s]", call, wait, requestID)
		if err := sleep(ctx, wait); err != nil {
			return err
		}
	}
}

func (c *Client) ceiling(attempt int) time.Duration {
	grown := float64(c.settings.BackoffBase) * math.Pow(2, float64(attempt-1))
	return time.Duration(math.Min(grown, float64(c.settings.BackoffCap)))
}

// share is a random part of a time, up to that share of it.
func share(whole time.Duration, share float64) time.Duration {
	return time.Duration(float64(whole) * share * mathrand.Float64())
}

// sleep ends early, with an error, when the context does.
func sleep(ctx context.Context, wait time.Duration) error {
	timer := time.NewTimer(wait)
	defer timer.Stop()
	select {
	case <-timer.C:
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}

type answer struct {
	status int
	header http.Header
	body   []byte
}

// send sends once and reads the whole answer.
func (c *Client) send(ctx context.Context, method, path string, header http.Header, payload []byte, deadline time.Time) (answer, error) {
	ends := time.Now().Add(c.settings.ConnectTimeout + c.settings.ReadTimeout)
	if deadline.Before(ends) {
		ends = deadline
	}
	ctx, cancel := context.WithDeadline(ctx, ends)
	defer cancel()
	request, err := http.NewRequestWithContext(ctx, method, c.settings.Base+path, bytes.NewReader(payload))
	if err != nil {
		return answer{}, err
	}
	request.Header = header.Clone()
	response, err := c.http.Do(request)
	if err != nil {
		return answer{}, err
	}
	defer response.Body.Close()
	body, err := io.ReadAll(response.Body)
	return answer{response.StatusCode, response.Header, body}, err
}

// refusal reads a body in whichever of its shapes: errors[], error, or bare code and message.
func refusal(call string, answer answer, requestID string) error {
	type entry struct {
		Code    any    `json:"code"`
		Status  any    `json:"status"`
		Message string `json:"message"`
		Field   string `json:"field"`
	}
	var body struct {
		entry
		Errors    []entry `json:"errors"`
		Error     *entry  `json:"error"`
		RequestID string  `json:"request_id"`
	}
	// What is not JSON leaves the body empty; what is of another type than expected leaves that member empty.
	_ = json.Unmarshal(answer.body, &body)
	first := body.entry
	if body.Error != nil {
		first = *body.Error
	}
	if len(body.Errors) > 0 {
		first = body.Errors[0]
	}
	if first.Code == nil {
		first.Code = first.Status
	}
	refused := &APIError{Call: call, Status: answer.status, Field: first.Field, Message: first.Message, ID: requestID}
	if first.Code != nil {
		refused.Code = fmt.Sprint(first.Code)
	}
	if refused.Message == "" {
		// Such as a proxy's page.
		page := strings.Join(strings.Fields(string(answer.body)), " ")
		refused.Message = fmt.Sprintf("%.200s", page)
	}
	if body.RequestID != "" {
		refused.ID = body.RequestID
	}
	return refused
}

// retryAfter is what the server asks to be left alone for, and whether it gives anything that makes sense.
func retryAfter(header http.Header, now time.Time) (time.Duration, bool) {
	text := strings.TrimSpace(header.Get("Retry-After"))
	if text != "" && strings.Trim(text, "0123456789") == "" {
		seconds, err := strconv.ParseInt(text, 10, 32)
		if err != nil {
			seconds = math.MaxInt32 // longer than any deadline
		}
		return time.Duration(seconds) * time.Second, true
	}
	until, err := http.ParseTime(text)
	if err != nil {
		return 0, false
	}
	// Against the server's own clock, in case one of the two is wrong.
	if serverNow, err := http.ParseTime(header.Get("Date")); err == nil {
		now = serverNow
	}
	if until.Before(now) {
		return 0, true
	}
	return until.Sub(now), true
}

// uuid is a random one (RFC 9562, section 5.4).
func uuid() string {
	var b [16]byte
	if _, err := rand.Read(b[:]); err != nil {
		panic(err) // the system has no randomness: nothing can be asked for safely
	}
	b[6] = b[6]&0x0f | 0x40
	b[8] = b[8]&0x3f | 0x80
	return fmt.Sprintf("%x-%x-%x-%x-%x", b[:4], b[4:6], b[6:8], b[8:10], b[10:])
}
