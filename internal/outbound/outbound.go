// Package outbound is the only maker of HTTP clients. An operator's client reaches the
// addresses the operator configured; a stranger's reaches public addresses only, checked
// when the connection is dialled, so that no URL of a user can reach into the house.
package outbound

import (
	"context"
	"errors"
	"net"
	"net/http"
	"net/netip"
	"syscall"
	"time"
)

var errPrivate = errors.New("address is not public")

// Operator makes the client for addresses an operator configured: model servers. It
// follows no redirect, so a key never travels to an address nobody configured. The whole
// answer has no time limit, since answers stream; the caller's context sets one.
func Operator() *http.Client {
	return client(&net.Dialer{Timeout: 5 * time.Second})
}

// Stranger makes the client for addresses that users name. Loopback, private, link-local
// and multicast addresses are refused at dial, after name resolution.
func Stranger() *http.Client {
	c := client(&net.Dialer{Timeout: 5 * time.Second, ControlContext: publicOnly})
	c.Timeout = 20 * time.Second
	return c
}

func client(d *net.Dialer) *http.Client {
	return &http.Client{
		Transport: &http.Transport{
			DialContext:            d.DialContext,
			TLSHandshakeTimeout:    5 * time.Second,
			ResponseHeaderTimeout:  60 * time.Second,
			MaxResponseHeaderBytes: 64 << 10,
			MaxIdleConnsPerHost:    8,
			IdleConnTimeout:        90 * time.Second,
		},
		CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
	}
}

func publicOnly(_ context.Context, _, address string, _ syscall.RawConn) error {
	ap, err := netip.ParseAddrPort(address)
	if err != nil {
		return err
	}
	a := ap.Addr().Unmap()
	if !a.IsGlobalUnicast() || a.IsPrivate() || a.IsLoopback() || reserved(a) {
		return errPrivate
	}
	return nil
}

// reserved are ranges netip does not call private but that are not the public internet:
// shared address space (RFC 6598), benchmarking (RFC 2544), NAT64 and 6to4, which embed
// IPv4 addresses.
func reserved(a netip.Addr) bool {
	for _, p := range []string{"100.64.0.0/10", "198.18.0.0/15", "192.0.0.0/24", "0.0.0.0/8", "240.0.0.0/4", "64:ff9b::/96", "2002::/16", "2001::/32"} {
		if netip.MustParsePrefix(p).Contains(a) {
			return true
		}
	}
	return false
}
