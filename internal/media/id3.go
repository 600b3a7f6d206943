package media

import (
	"bytes"
	"encoding/binary"
	"hash/crc32"
	"io"
	"unicode/utf16"

	"loam"
)

// Bounds of an ID3v2 tag that is followed; the format itself allows 256 MiB.
const (
	maxID3Tags  = 8
	maxTag      = MaxBytes
	tagPadding  = 1024 // left behind the frames when a tag has to grow anyway
	maxSyncSafe = 1<<28 - 1
)

// id3Tag is an ID3v2 tag: its frames as they stand once unsynchronisation is undone.
type id3Tag struct {
	at, end int64 // in the file, header and footer included
	version byte  // 2, 3, 4
	flags   byte
	ext     []byte // the extended header
	frames  []id3Frame
	whole   bool // unsynchronisation covers the tag (before 2.4), not single frames
	left    *allowance
}

// id3Frame is one frame, and text the label in it, or frames side by side without one: raw is all of
// it.
type id3Frame struct {
	raw   []byte
	label bool
	exact bool // the description is AIGC to the letter
	text  string
}

func syncSafe(b []byte) int64 {
	return int64(b[0]&0x7f)<<21 | int64(b[1]&0x7f)<<14 | int64(b[2]&0x7f)<<7 | int64(b[3]&0x7f)
}

func appendSyncSafe(b []byte, n int) []byte {
	return append(b, byte(n>>21&0x7f), byte(n>>14&0x7f), byte(n>>7&0x7f), byte(n&0x7f))
}

// id3Tags reads the tags at the front of a file.
func id3Tags(src Source) ([]id3Tag, error) {
	var out []id3Tag
	left := allowed(src)
	for at := int64(0); len(out) < maxID3Tags; {
		head, err := read(src, at, min(10, src.Size()-at))
		if err != nil {
			return out, err
		}
		if !bytes.HasPrefix(head, []byte("ID3")) {
			return out, nil
		}
		if len(head) < 10 || head[3] < 2 || head[3] > 4 {
			return out, damaged("id3: a version that is not known")
		}
		t, err := id3Read(src, at, head, left)
		out = append(out, t)
		if err != nil {
			return out, err
		}
		at = t.end
	}
	return out, nil
}

func id3Read(src Source, at int64, head []byte, left *allowance) (id3Tag, error) {
	t := id3Tag{at: at, version: head[3], flags: head[5], left: left}
	n := syncSafe(head[6:])
	t.end = at + 10 + n
	if n > maxTag || t.end > src.Size() {
		return t, damaged("id3: the tag is longer than the file")
	}
	body, err := read(src, at+10, n)
	if err != nil {
		return t, err
	}
	if t.footer() {
		if t.end += 10; t.end > src.Size() {
			return t, damaged("id3: the file ends before the tag's footer")
		}
	}
	if t.version == 2 && t.flags&0x40 != 0 {
		return t, damaged("id3: a compressed tag of version 2.2") // the standard says: ignore it
	}
	if t.whole = t.flags&0x80 != 0 && t.version < 4; t.whole {
		body = resync(body)
	}
	if t.version > 2 && t.flags&0x40 != 0 {
		if body, err = t.extended(body); err != nil {
			return t, err
		}
	}
	frames, rest := t.split(body, t.version == 4)
	if t.version == 4 && rest > 0 {
		// Some writers count the sizes of 2.4 in plain bytes; written again they are right.
		if plain, less := t.split(bytes.Clone(body), false); less < rest {
			frames, rest = plain, less
		}
	}
	t.frames = frames
	if t.left.spent() {
		return t, damaged("id3: more packed text than is read")
	}
	if rest > 0 {
		return t, damaged("id3: a frame longer than its tag")
	}
	return t, nil
}

func (t *id3Tag) footer() bool { return t.version == 4 && t.flags&0x10 != 0 }

// extended takes the extended header off a tag's body.
func (t *id3Tag) extended(body []byte) ([]byte, error) {
	if len(body) < 6 {
		return nil, damaged("id3: no extended header")
	}
	n := int64(binary.BigEndian.Uint32(body)) + 4
	if t.version == 4 {
		n = syncSafe(body)
	}
	if n < 6 || n > int64(len(body)) {
		return nil, damaged("id3: extended header longer than its tag")
	}
	t.ext = body[:n]
	return body[n:], nil
}

// split cuts a body into frames; rest is what is neither frame nor padding. Sizes of version 2.4
// that are not safe are made so in body.
func (t *id3Tag) split(body []byte, safe bool) (out []id3Frame, rest int) {
	id, head := 4, 10
	if t.version == 2 {
		id, head = 3, 6
	}
	labels := 0
	for count := 0; len(body) > 0 && body[0] != 0; count++ {
		if len(body) < head || !frameID(body[:id]) {
			return out, len(body)
		}
		var n int64
		switch {
		case t.version == 2:
			n = int64(body[3])<<16 | int64(body[4])<<8 | int64(body[5])
		case safe:
			n = syncSafe(body[4:])
		default:
			n = int64(binary.BigEndian.Uint32(body[4:]))
		}
		if n > int64(len(body)-head) || count >= maxFields || labels > maxMarks {
			return out, len(body)
		}
		if t.version == 4 && !safe {
			copy(body[4:8], appendSyncSafe(nil, int(n)))
		}
		f := id3Frame{raw: body[:int64(head)+n]}
		if name := string(body[:id]); name == "TXXX" || name == "TXX" {
			f.read(t, head)
		}
		last := len(out) - 1
		switch {
		case f.label:
			labels++
			out = append(out, f)
		case last >= 0 && !out[last].label:
			out[last].raw = out[last].raw[:len(out[last].raw)+len(f.raw)]
		default:
			out = append(out, f)
		}
		body = body[int64(head)+n:]
	}
	return out, 0
}

func frameID(b []byte) bool {
	for _, c := range b {
		if (c < 'A' || c > 'Z') && (c < '0' || c > '9') {
			return false
		}
	}
	return true
}

// read takes the label out of a frame of the user's own text. What is encrypted is passed
// over.
func (f *id3Frame) read(t *id3Tag, head int) {
	data := f.raw[head:]
	var packed, coded, grouped, desync, counted bool
	switch t.version {
	case 3:
		packed, coded, grouped = f.raw[9]&0x80 != 0, f.raw[9]&0x40 != 0, f.raw[9]&0x20 != 0
		counted = packed
	case 4:
		packed, coded, grouped = f.raw[9]&0x08 != 0, f.raw[9]&0x04 != 0, f.raw[9]&0x40 != 0
		desync, counted = f.raw[9]&0x02 != 0 || t.flags&0x80 != 0, f.raw[9]&0x01 != 0
	}
	skip := 0
	if grouped {
		skip++
	}
	if counted {
		skip += 4
	}
	if coded || len(data) < skip+1 {
		return
	}
	data = data[skip:]
	if desync {
		data = resync(data)
	}
	if packed {
		var ok bool
		if data, ok = inflate(data, t.left); !ok || len(data) == 0 {
			return
		}
	}
	name, text := id3Text(data)
	f.label, f.exact, f.text = isAIGC(name), name == "AIGC", text
}

// maxID3Name bounds the description of a label.
const maxID3Name = 256

// id3Text splits what follows a TXXX frame's encoding byte into description and value, each no longer
// than a label has.
func id3Text(data []byte) (name, text string) {
	code, data := data[0], data[1:]
	if code == 0 || code == 3 {
		a, b, _ := bytes.Cut(data, []byte{0})
		b = bytes.TrimSuffix(b, []byte{0})
		a, b = a[:min(len(a), maxID3Name)], b[:min(len(b), maxRaw+1)]
		if code == 3 {
			return string(a), string(b)
		}
		return latin1(a), latin1(b)
	}
	order := binary.ByteOrder(binary.BigEndian)
	var parts [2][]uint16
	most := [2]int{maxID3Name, maxRaw + 1}
	for at, n := 0, 0; at+1 < len(data) && len(parts[1]) < most[1]; at += 2 {
		u := order.Uint16(data[at:])
		switch {
		case u == 0xfffe && len(parts[n]) == 0:
			order = binary.LittleEndian
		case u == 0xfeff && len(parts[n]) == 0:
		case u == 0 && n == 0:
			n = 1
		case u == 0 && at+3 >= len(data): // the value's own end
		case len(parts[n]) < most[n]:
			parts[n] = append(parts[n], u)
		}
	}
	return string(utf16.Decode(parts[0])), string(utf16.Decode(parts[1]))
}

func latin1(b []byte) string {
	r := make([]rune, len(b))
	for i, c := range b {
		r[i] = rune(c)
	}
	return string(r)
}

// resync undoes unsynchronisation: the zero behind each 0xff is dropped (ID3v2.3, 5).
func resync(b []byte) []byte { return bytes.ReplaceAll(b, []byte{0xff, 0}, []byte{0xff}) }

// desync is the reverse; only what readers could take for a frame of sound is parted.
func desync(b []byte) []byte {
	out := make([]byte, 0, len(b)+16)
	for i, c := range b {
		out = append(out, c)
		if c == 0xff && (i+1 == len(b) || b[i+1] == 0 || b[i+1] >= 0xe0) {
			out = append(out, 0)
		}
	}
	return out
}

func (t *id3Tag) marked() bool {
	for _, f := range t.frames {
		if f.label {
			return true
		}
	}
	return false
}

// with is the tag with this label as its only one, without any where raw is empty; as long
// as it was, if its padding has room.
func (t *id3Tag) with(raw string) ([]byte, error) {
	var body []byte
	done := raw == ""
	put := func() {
		if !done {
			body = append(body, t.newFrame(raw)...)
			done = true
		}
	}
	for _, f := range t.frames {
		if f.label {
			put()
			continue
		}
		body = append(body, f.raw...)
	}
	put()
	room := int(t.end-t.at) - 10
	head := desyncIf(t.whole, append(bytes.Clone(t.ext), body...))
	padding := room - len(head)
	switch {
	case t.footer():
		padding = 0 // such a tag has none (ID3v2.4 structure, 3.1)
	case padding < 0:
		padding = tagPadding
	}
	t.renew(body, padding)
	data := append(desyncIf(t.whole, append(bytes.Clone(t.ext), body...)), make([]byte, padding)...)
	if len(data) > min(maxSyncSafe, maxTag) {
		return nil, loam.Fail(loam.TooLarge, "label.no_room")
	}
	out := appendSyncSafe([]byte{'I', 'D', '3', t.version, 0, t.flags}, len(data))
	foot := append([]byte("3DI"), out[3:]...)
	out = append(out, data...)
	if t.footer() {
		out = append(out, foot...)
	}
	return out, nil
}

func desyncIf(yes bool, b []byte) []byte {
	if yes {
		return desync(b)
	}
	return b
}

// renew brings the extended header up to date: its note of the padding and its check sum.
func (t *id3Tag) renew(body []byte, padding int) {
	if len(t.ext) < 6 {
		return
	}
	t.ext = bytes.Clone(t.ext)
	switch {
	case t.version == 3 && len(t.ext) >= 10:
		binary.BigEndian.PutUint32(t.ext[6:], uint32(padding))
		if t.ext[4]&0x80 != 0 && len(t.ext) >= 14 {
			binary.BigEndian.PutUint32(t.ext[10:], crc32.ChecksumIEEE(body))
		}
	case t.version == 4 && t.ext[5]&0x20 != 0:
		at := 6
		if t.ext[5]&0x40 != 0 {
			at++
		}
		if at+6 > len(t.ext) {
			return
		}
		h := crc32.NewIEEE()
		_, _ = io.Copy(h, io.MultiReader(bytes.NewReader(body), bytes.NewReader(make([]byte, padding))))
		sum := h.Sum32()
		t.ext[at+1] = byte(sum >> 28)
		copy(t.ext[at+2:], appendSyncSafe(nil, int(sum&maxSyncSafe)))
	}
}

// newFrame is a label's frame. All of it is ASCII, so Latin-1 says it in every version.
func (t *id3Tag) newFrame(raw string) []byte {
	data := append([]byte("\x00AIGC\x00"), raw...)
	n := len(data)
	switch t.version {
	case 2:
		return append([]byte{'T', 'X', 'X', byte(n >> 16), byte(n >> 8), byte(n)}, data...)
	case 3:
		return append(append(binary.BigEndian.AppendUint32([]byte("TXXX"), uint32(n)), 0, 0), data...)
	default:
		return append(append(appendSyncSafe([]byte("TXXX"), n), 0, 0), data...)
	}
}
