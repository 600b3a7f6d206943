package media

import (
	"bytes"
	"iter"
	"strconv"
	"strings"
	"unicode/utf16"
)

// PDF syntax (ISO 32000-2, 7.2 and 7.3). Values are found by their ends and read only where
// they are needed, so that a file of a million small values costs no more than its bytes.

const maxPDFDepth = 60

// pdfEntry is one entry of a dictionary: its name, its value as it stands, and both of them
// in the dictionary's bytes.
type pdfEntry struct {
	key   string
	value []byte
	at    span
}

// pdfDict are the bytes of a whole dictionary. Its entries are found anew whenever one is looked for: a
// list of them would take many times its bytes.
type pdfDict []byte

// get is the value of a name, nil if there is none. The first counts.
func (d pdfDict) get(key string) []byte {
	for e := range d.entries() {
		if e.key == key {
			return e.value
		}
	}
	return nil
}

// entries are the entries in their order.
func (d pdfDict) entries() iter.Seq[pdfEntry] {
	return func(yield func(pdfEntry) bool) {
		for at := len("<<"); ; {
			e, ok := pdfEntryAt(d, at)
			if !ok || !yield(e) {
				return
			}
			at = e.at.to
		}
	}
}

func pdfBlank(c byte) bool {
	return c == 0 || c == '\t' || c == '\n' || c == '\f' || c == '\r' || c == ' '
}

func pdfDelimiter(c byte) bool { return strings.IndexByte("()<>[]{}/%", c) >= 0 }

// pdfSpace skips blanks and comments.
func pdfSpace(b []byte, at int) int {
	for at < len(b) {
		switch {
		case pdfBlank(b[at]):
			at++
		case b[at] == '%':
			for at < len(b) && b[at] != '\n' && b[at] != '\r' {
				at++
			}
		default:
			return at
		}
	}
	return at
}

// pdfToken is the end of a run of regular characters.
func pdfToken(b []byte, at int) int {
	for at < len(b) && !pdfBlank(b[at]) && !pdfDelimiter(b[at]) {
		at++
	}
	return at
}

// pdfSkip is the end of the value at a place, -1 if it has none in b.
func pdfSkip(b []byte, at, depth int) int {
	if at >= len(b) || depth > maxPDFDepth {
		return -1
	}
	switch c := b[at]; {
	case c == '(':
		return pdfSkipString(b, at)
	case c == '<' && at+1 < len(b) && b[at+1] == '<':
		return pdfSkipList(b, at+2, ">>", depth)
	case c == '<':
		if i := bytes.IndexByte(b[at:], '>'); i >= 0 {
			return at + i + 1
		}
		return -1
	case c == '[':
		return pdfSkipList(b, at+1, "]", depth)
	case c == '/':
		return pdfToken(b, at+1)
	case pdfDelimiter(c):
		return -1
	}
	end := pdfToken(b, at)
	if _, ok := pdfNumber(b[at:end]); ok {
		gen := pdfSpace(b, end)
		to := pdfToken(b, gen)
		if r := pdfSpace(b, to); to > gen && r < len(b) && b[r] == 'R' && pdfToken(b, r) == r+1 {
			if _, ok := pdfNumber(b[gen:to]); ok {
				return r + 1
			}
		}
	}
	return end
}

func pdfSkipString(b []byte, at int) int {
	for open := 0; at < len(b); at++ {
		switch b[at] {
		case '\\':
			at++
		case '(':
			open++
		case ')':
			if open--; open == 0 {
				return at + 1
			}
		}
	}
	return -1
}

func pdfSkipList(b []byte, at int, end string, depth int) int {
	for {
		at = pdfSpace(b, at)
		if bytes.HasPrefix(b[min(at, len(b)):], []byte(end)) {
			return at + len(end)
		}
		next := pdfSkip(b, at, depth+1)
		if next <= at {
			return -1
		}
		at = next
	}
}

// pdfReadDict reads a dictionary; ok is false if b does not begin with one.
func pdfReadDict(b []byte) (d pdfDict, ok bool) {
	if !bytes.HasPrefix(b, []byte("<<")) {
		return nil, false
	}
	at := len("<<")
	for range maxFields {
		at = pdfSpace(b, at)
		if bytes.HasPrefix(b[min(at, len(b)):], []byte(">>")) {
			return pdfDict(b[:at+len(">>")]), true
		}
		e, ok := pdfEntryAt(b, at)
		if !ok {
			return nil, false
		}
		at = e.at.to
	}
	return nil, false
}

// pdfEntryAt reads the entry of a dictionary at a place; ok is false if none is there.
func pdfEntryAt(b []byte, at int) (e pdfEntry, ok bool) {
	if at = pdfSpace(b, at); at >= len(b) || b[at] != '/' {
		return e, false
	}
	name := pdfToken(b, at+1)
	from := pdfSpace(b, name)
	to := pdfSkip(b, from, 1)
	if to <= from {
		return e, false
	}
	return pdfEntry{pdfName(b[at+1 : name]), b[from:to], span{at, to}}, true
}

// pdfName undoes the #xx of a name.
func pdfName(b []byte) string {
	var out strings.Builder
	for i := 0; i < len(b); i++ {
		if b[i] == '#' && i+2 < len(b) {
			if v, err := strconv.ParseUint(string(b[i+1:i+3]), 16, 8); err == nil {
				out.WriteByte(byte(v))
				i += 2
				continue
			}
		}
		out.WriteByte(b[i])
	}
	return out.String()
}

// pdfNumber reads a whole number that is not negative.
func pdfNumber(b []byte) (int64, bool) {
	if len(b) == 0 || len(b) > 18 {
		return 0, false
	}
	n := int64(0)
	for _, c := range b {
		if c < '0' || c > '9' {
			return 0, false
		}
		n = n*10 + int64(c-'0')
	}
	return n, true
}

// pdfNumbers reads the whole numbers of an array.
func pdfNumbers(b []byte) []int64 {
	var out []int64
	b = bytes.Trim(b, "[]")
	for at := pdfSpace(b, 0); at < len(b) && len(out) < maxFields; {
		end := pdfToken(b, at)
		n, ok := pdfNumber(b[at:end])
		if !ok {
			return nil
		}
		out = append(out, n)
		at = pdfSpace(b, end)
	}
	return out
}

// pdfRef reads the number of the object that is referred to.
func pdfRef(b []byte) (number int64, ok bool) {
	f := bytes.Fields(b)
	if len(f) != 3 || string(f[2]) != "R" {
		return 0, false
	}
	return pdfNumber(f[0])
}

// maxPDFText bounds a string that is read: a label is shorter in whatever encoding.
const maxPDFText = 2*maxRaw + 16

// pdfString reads a string of text, literal or in hex: UTF-16 or UTF-8 by its mark, else
// bytes of which PDFDocEncoding and Latin-1 agree on all a label may hold. ok is false if b
// is no string.
func pdfString(b []byte) (text string, ok bool) {
	var raw []byte
	switch {
	case len(b) >= 2 && b[0] == '(':
		raw = pdfLiteral(b[1 : len(b)-1])
	case len(b) >= 2 && b[0] == '<' && b[1] != '<':
		raw = pdfHex(b[1 : len(b)-1])
	default:
		return "", false
	}
	switch {
	case bytes.HasPrefix(raw, []byte("\xfe\xff")), bytes.HasPrefix(raw, []byte("\xff\xfe")):
		little := raw[0] == 0xff
		u := make([]uint16, 0, len(raw)/2)
		for i := 2; i+1 < len(raw); i += 2 {
			v := uint16(raw[i])<<8 | uint16(raw[i+1])
			if little {
				v = v<<8 | v>>8
			}
			u = append(u, v)
		}
		return string(utf16.Decode(u)), true
	case bytes.HasPrefix(raw, []byte("\xef\xbb\xbf")):
		return string(raw[3:]), true
	}
	return latin1(raw), true
}

func pdfLiteral(b []byte) []byte {
	var out []byte
	for i := 0; i < len(b) && len(out) < maxPDFText; i++ {
		c := b[i]
		if c == '\r' { // any end of line is one line feed (7.3.4.2)
			if c = '\n'; i+1 < len(b) && b[i+1] == '\n' {
				i++
			}
		} else if c == '\\' && i+1 < len(b) {
			i++
			switch e := b[i]; {
			case e >= '0' && e <= '7':
				v := 0
				for n := 0; n < 3 && i < len(b) && b[i] >= '0' && b[i] <= '7'; n++ {
					v = v<<3 | int(b[i]-'0')
					i++
				}
				i--
				c = byte(v)
			case e == '\n':
				continue
			case e == '\r':
				if i+1 < len(b) && b[i+1] == '\n' {
					i++
				}
				continue
			default:
				if c = e; strings.IndexByte("nrtbf", e) >= 0 {
					c = "\n\r\t\b\f"[strings.IndexByte("nrtbf", e)]
				}
			}
		}
		out = append(out, c)
	}
	return out
}

func pdfHex(b []byte) []byte {
	var out []byte
	high, half := byte(0), false
	for _, c := range b {
		if len(out) >= maxPDFText {
			break
		}
		v, err := strconv.ParseUint(string(c), 16, 8)
		if err != nil || c > 0x7f {
			continue
		}
		if half {
			out = append(out, high<<4|byte(v))
		}
		high, half = byte(v), !half
	}
	if half {
		out = append(out, high<<4)
	}
	return out
}

// pdfQuote writes ASCII as a literal string.
func pdfQuote(s string) string {
	return "(" + strings.NewReplacer(`\`, `\\`, "(", `\(`, ")", `\)`).Replace(s) + ")"
}
