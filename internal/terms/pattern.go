package terms

import (
	"errors"
	"strings"
)

// Bounds of one path pattern and of a URL it is held against.
const (
	maxPattern = 2048
	maxURL     = 2048
)

var errPattern = errors.New("terms: not a path pattern")

// split takes a URL apart: its host in lower case, "" for a bare path, and its path with the
// query. What begins neither with a slash nor with a scheme and a host is none.
func split(u string) (host, path string, err error) {
	u, _, _ = strings.Cut(u, "#")
	if len(u) > maxURL {
		return "", "", errPattern
	}
	if strings.HasPrefix(u, "/") && !strings.HasPrefix(u, "//") {
		return "", u, nil
	}
	scheme, rest, ok := strings.Cut(u, "://")
	if scheme = strings.ToLower(scheme); !ok || scheme != "http" && scheme != "https" {
		return "", "", errPattern
	}
	host, path = rest, "/"
	if i := strings.IndexAny(rest, "/?"); i >= 0 {
		host, path = rest[:i], rest[i:]
	}
	if host == "" {
		return "", "", errPattern
	}
	if path[0] != '/' {
		path = "/" + path
	}
	return strings.ToLower(host), path, nil
}

// page is a URL taken apart whose path is as match wants it.
func page(u string) (host, path string, err error) {
	host, path, err = split(u)
	return host, unpatterned(normal(path)), err
}

// unpatterned is a URL, or a path, without what would mean something in a pattern.
func unpatterned(u string) string {
	return strings.ReplaceAll(strings.ReplaceAll(u, "*", "%2A"), "$", "%24")
}

// match reports whether a page's path begins as a pattern says (RFC 9309, 2.2.2 and 2.2.3): "*"
// is any run of characters, "$" at the end is the path's end.
func match(pattern, path string) (bool, error) {
	if len(pattern) > maxPattern || !strings.HasPrefix(pattern, "/") && !strings.HasPrefix(pattern, "*") {
		return false, errPattern
	}
	pattern, ends := strings.CutSuffix(pattern, "$")
	parts := strings.Split(normal(pattern), "*")
	rest, ok := strings.CutPrefix(path, parts[0])
	if !ok {
		return false, nil
	}
	for i, part := range parts[1:] {
		if ends && i == len(parts)-2 {
			return strings.HasSuffix(rest, part), nil
		}
		at := strings.Index(rest, part)
		if at < 0 {
			return false, nil
		}
		rest = rest[at+len(part):]
	}
	return !ends || rest == "", nil
}

// normal is a path whose octets are escaped in one way only: those that need no escape have
// none, the rest has one in capitals. What means something in a path, escaped and not, stays
// two things.
func normal(path string) string {
	const hex = "0123456789ABCDEF"
	var b strings.Builder
	for i := 0; i < len(path); i++ {
		c, escaped := path[i], false
		if c == '%' && i+2 < len(path) {
			if n, ok := octet(path[i+1], path[i+2]); ok {
				c, escaped = n, true
				i += 2
			}
		}
		if plain := c >= '0' && c <= '9' || c >= 'A' && c <= 'Z' || c >= 'a' && c <= 'z' || strings.IndexByte("-._~", c) >= 0; !plain && (escaped || c <= ' ' || c >= 0x7f) {
			b.WriteString("%" + string(hex[c>>4]) + string(hex[c&15]))
		} else {
			b.WriteByte(c)
		}
	}
	return b.String()
}

func octet(high, low byte) (byte, bool) {
	h, l := strings.IndexByte("0123456789abcdef", high|0x20), strings.IndexByte("0123456789abcdef", low|0x20)
	if high < '0' || low < '0' || h < 0 || l < 0 {
		return 0, false
	}
	return byte(h<<4 | l), true
}
