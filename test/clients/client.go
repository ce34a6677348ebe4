// Signs with url.Values.Encode, which sorts the flat names, and decodes answers into typed values, as Go clients of
// the API do: a number sent as text, or an empty success that is no object, would not decode.
package main

import (
	"bufio"
	"context"
	"crypto/hmac"
	"crypto/sha256"
	"crypto/tls"
	"crypto/x509"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/url"
	"os"
	"strings"
)

type answer struct {
	Id     int32  `json:"id"`
	CaId   int32  `json:"ca_id"`
	CertId int32  `json:"cert_id"`
	Token  string `json:"token"`
	Code   string `json:"code"`
	Text   string `json:"text"`
}

type entry struct {
	Id      int32  `json:"id"`
	Name    string `json:"name"`
	Status  string `json:"status"`
	Expires int64  `json:"expires"`
}

func main() {
	roots := x509.NewCertPool()
	pem, err := os.ReadFile(os.Getenv("TINYCERT_CA_FILE"))
	if err != nil || !roots.AppendCertsFromPEM(pem) {
		panic("no trusted root")
	}
	dialer := net.Dialer{}
	client := &http.Client{Transport: &http.Transport{
		TLSClientConfig:   &tls.Config{RootCAs: roots},
		ForceAttemptHTTP2: true,
		DialContext: func(ctx context.Context, network, address string) (net.Conn, error) {
			_, port, _ := net.SplitHostPort(address)
			return dialer.DialContext(ctx, network, net.JoinHostPort("127.0.0.1", port))
		},
	}}
	lines := bufio.NewScanner(os.Stdin)
	lines.Buffer(nil, 1<<20)
	for lines.Scan() {
		parts := strings.Split(lines.Text(), "\t")
		values := url.Values{}
		for at := 1; at+1 < len(parts); at += 2 {
			values.Set(parts[at], parts[at+1])
		}
		status, body := call(client, parts[0], values)
		fmt.Printf("%d\t%s\n", status, body)
	}
}

func call(client *http.Client, endpoint string, values url.Values) (int, string) {
	query := values.Encode()
	mac := hmac.New(sha256.New, []byte(os.Getenv("TINYCERT_API_KEY")))
	mac.Write([]byte(query))
	body := query + "&digest=" + hex.EncodeToString(mac.Sum(nil))
	response, err := client.Post(os.Getenv("TINYCERT_URL")+"/"+endpoint, "application/x-www-form-urlencoded", strings.NewReader(body))
	if err != nil {
		panic(err)
	}
	defer response.Body.Close()
	text, err := io.ReadAll(response.Body)
	if err != nil {
		panic(err)
	}
	if response.StatusCode == 200 && strings.HasSuffix(endpoint, "/list") {
		err = json.Unmarshal(text, &[]entry{})
	} else {
		err = json.Unmarshal(text, &answer{})
	}
	if err != nil {
		panic(err)
	}
	return response.StatusCode, string(text)
}
