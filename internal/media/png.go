package media

import (
	"bytes"
	"compress/zlib"
	"encoding/binary"
	"hash/crc32"
	"io"
	"strings"
)

var pngMagic = []byte("\x89PNG\r\n\x1a\n")

// Limits of what a metadata reader looks at; a label is held to maxRaw.
const (
	maxChunks   = 100_000
	maxInflated = 1 << 20
)

// xmpKeyword is the PNG keyword of an XMP packet (XMP specification part 3, 1.1.5).
const xmpKeyword = "XML:com.adobe.xmp"

// chunk is one PNG chunk; raw is all of it, with length and CRC.
type chunk struct {
	kind string
	data []byte
	raw  []byte
}

// pngChunks splits a PNG up to and including IEND; what follows is not part of it.
func pngChunks(b []byte) ([]chunk, error) {
	if !bytes.HasPrefix(b, pngMagic) {
		return nil, broken("png: no signature")
	}
	var out []chunk
	for at := len(pngMagic); len(out) < maxChunks; {
		if len(b)-at < 12 {
			return nil, broken("png: ends inside a chunk")
		}
		n := int(binary.BigEndian.Uint32(b[at:]))
		if n > len(b)-at-12 {
			return nil, broken("png: chunk longer than the file")
		}
		c := chunk{string(b[at+4 : at+8]), b[at+8 : at+8+n], b[at : at+12+n]}
		out = append(out, c)
		at += 12 + n
		if c.kind == "IEND" {
			return out, nil
		}
	}
	return nil, broken("png: too many chunks")
}

// intact tells whether the chunk's CRC is right.
func (c chunk) intact() bool {
	return crc32.ChecksumIEEE(c.raw[4:len(c.raw)-4]) == binary.BigEndian.Uint32(c.raw[len(c.raw)-4:])
}

func newChunk(kind string, data []byte) chunk {
	raw := make([]byte, 0, len(data)+12)
	raw = binary.BigEndian.AppendUint32(raw, uint32(len(data)))
	raw = append(raw, kind...)
	raw = append(raw, data...)
	raw = binary.BigEndian.AppendUint32(raw, crc32.ChecksumIEEE(raw[4:]))
	return chunk{kind, raw[8 : 8+len(data)], raw}
}

func xmpChunk(packet []byte) chunk {
	return newChunk("iTXt", append([]byte(xmpKeyword+"\x00\x00\x00\x00\x00"), packet...))
}

func joinChunks(cs []chunk) []byte {
	n := len(pngMagic)
	for _, c := range cs {
		n += len(c.raw)
	}
	out := append(make([]byte, 0, n), pngMagic...)
	for _, c := range cs {
		out = append(out, c.raw...)
	}
	return out
}

// textOf reads tEXt, zTXt and iTXt chunks; ok is false for others and broken ones. What is
// unpacked is taken off left.
func (c chunk) textOf(left *allowance) (keyword string, text []byte, ok bool) {
	key, rest, found := bytes.Cut(c.data, []byte{0})
	if !found {
		return "", nil, false
	}
	keyword = string(key)
	switch c.kind {
	case "tEXt":
		return keyword, rest, true
	case "zTXt":
		if len(rest) < 1 {
			return "", nil, false
		}
		text, ok = inflate(rest[1:], left)
		return keyword, text, ok
	case "iTXt":
		if len(rest) < 2 {
			return "", nil, false
		}
		packed := rest[0] == 1
		_, rest, found = bytes.Cut(rest[2:], []byte{0}) // language
		if !found {
			return "", nil, false
		}
		if _, rest, found = bytes.Cut(rest, []byte{0}); !found { // translated keyword
			return "", nil, false
		}
		if packed {
			text, ok = inflate(rest, left)
			return keyword, text, ok
		}
		return keyword, rest, true
	}
	return "", nil, false
}

// leastPacked is the length of the shortest stream of RFC 1950: header, an empty block, checksum.
const leastPacked = 8

// inflate unpacks up to maxInflated bytes, and no more than are left.
func inflate(b []byte, left *allowance) ([]byte, bool) {
	if len(b) < leastPacked || left.spent() {
		return nil, false
	}
	z, err := zlib.NewReader(bytes.NewReader(b))
	if err != nil {
		return nil, false
	}
	most := min(maxInflated, int64(*left))
	out, err := io.ReadAll(io.LimitReader(z, most+1))
	return out, left.take(int64(len(out))) && err == nil && int64(len(out)) <= most
}

// pngKeep are the chunks a clean copy keeps: pixels, colour, animation.
const pngKeep = "IHDR PLTE tRNS IDAT IEND gAMA cHRM sRGB iCCP cICP bKGD pHYs sBIT acTL fcTL fdAT"

func pngStrip(b []byte) ([]byte, error) {
	cs, err := pngChunks(b)
	if err != nil {
		return nil, err
	}
	var kept []chunk
	for _, c := range cs {
		if strings.Contains(pngKeep, c.kind) {
			kept = append(kept, c)
		}
	}
	return joinChunks(kept), nil
}

// pngPixels are the chunks that describe pixels and do not outlive them.
const pngPixels = "IHDR PLTE tRNS IDAT IEND bKGD sBIT hIST acTL fcTL fdAT"

// pngCarry puts the metadata of another PNG into one just encoded. A grey picture's
// profile does not fit the colours it is now written in.
func pngCarry(fresh, from []byte) ([]byte, error) {
	cs, err := pngChunks(fresh)
	if err != nil {
		return nil, err
	}
	old, err := pngChunks(from)
	if err != nil {
		return nil, err
	}
	wasGrey := len(old[0].data) > 9 && old[0].data[9]&2 == 0
	out := cs[:1:1]
	for _, c := range old {
		if strings.Contains(pngPixels, c.kind) || c.kind == "iCCP" && wasGrey {
			continue
		}
		out = append(out, c)
	}
	return joinChunks(append(out, cs[1:]...)), nil
}

type errString string

func (e errString) Error() string { return string(e) }
