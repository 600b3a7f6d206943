package outbound

import (
	"net/http"
	"net/http/httptest"
	"testing"
)

func TestStrangerReachesPublicAddressesOnly(t *testing.T) {
	t.Parallel()
	for address, public := range map[string]bool{
		"93.184.216.34:80": true, "[2606:2800:220:1::1]:443": true,
		"127.0.0.1:80": false, "10.0.0.1:80": false, "192.168.1.1:80": false, "169.254.169.254:80": false, "[::1]:80": false,
		"[::ffff:127.0.0.1]:80": false, "100.64.0.1:80": false, "0.0.0.0:80": false, "[fe80::1]:80": false, "[64:ff9b::7f00:1]:80": false, "224.0.0.1:80": false,
	} {
		if err := publicOnly(t.Context(), "tcp", address, nil); (err == nil) != public {
			t.Errorf("%s: got %v, want public %v", address, err, public)
		}
	}
}

func TestStrangerIsRefusedAtDial(t *testing.T) {
	t.Parallel()
	asked := false
	s := httptest.NewServer(http.HandlerFunc(func(http.ResponseWriter, *http.Request) { asked = true }))
	defer s.Close()
	if res, err := Stranger().Get(s.URL); err == nil {
		res.Body.Close()
		t.Error("a loopback server was reached")
	}
	if asked {
		t.Error("the request arrived")
	}
}

func TestOperatorFollowsNoRedirect(t *testing.T) {
	t.Parallel()
	s := httptest.NewServer(http.RedirectHandler("http://example.invalid/", http.StatusFound))
	defer s.Close()
	res, err := Operator().Get(s.URL)
	if err != nil {
		t.Fatal(err)
	}
	defer res.Body.Close()
	if res.StatusCode != http.StatusFound {
		t.Errorf("got %d, want the redirect itself", res.StatusCode)
	}
}
