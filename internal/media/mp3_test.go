package media

import (
	"bytes"
	"encoding/binary"
	"hash/crc32"
	"strings"
	"testing"
	"unicode/utf16"

	"loam"
)

// sound is frames of MPEG 1 layer III: 128 kbit/s, 44.1 kHz, silence.
func sound(frames int) []byte {
	frame := append([]byte{0xff, 0xfb, 0x90, 0x64}, make([]byte, 413)...)
	return bytes.Repeat(frame, frames)
}

// id3Of is a tag of a version, its size right; body is all behind its header.
func id3Of(version, flags byte, body []byte) []byte {
	return append(appendSyncSafe([]byte{'I', 'D', '3', version, 0, flags}, len(body)), body...)
}

// frameOf is a frame in a version's form.
func frameOf(version byte, id string, data []byte, flags ...byte) []byte {
	n := len(data)
	switch version {
	case 2:
		return append([]byte{id[0], id[1], id[2], byte(n >> 16), byte(n >> 8), byte(n)}, data...)
	case 3:
		b := binary.BigEndian.AppendUint32([]byte(id), uint32(n))
		return append(append(b, append(flags, 0, 0)[:2]...), data...)
	default:
		b := appendSyncSafe([]byte(id), n)
		return append(append(b, append(flags, 0, 0)[:2]...), data...)
	}
}

func utf16Of(order binary.AppendByteOrder, bom bool, s string) []byte {
	var b []byte
	if bom {
		b = order.AppendUint16(b, 0xfeff)
	}
	for _, u := range utf16.Encode([]rune(s)) {
		b = order.AppendUint16(b, u)
	}
	return append(b, 0, 0)
}

// mp3s are tags in every form that is read, before the same sound.
func mp3s() map[string][]byte {
	le, be := binary.LittleEndian, binary.BigEndian
	title := []byte("\x03一首歌\x00")
	plain := []byte("\x00AIGC\x00" + strictJSON)
	wide := append(append([]byte{1}, utf16Of(le, true, "AIGC")...), utf16Of(le, true, strictJSON)...)
	packedLabel := append([]byte{0, 0, 1, 0}, packed(string(plain))...)
	crc := binary.BigEndian.AppendUint32(append([]byte{0, 0, 0, 10, 0x80, 0, 0, 0, 0, 7}, 0, 0, 0, 0)[:10], crc32.ChecksumIEEE(nil))
	files := map[string][]byte{
		"bare":        nil,
		"2.2 Latin-1": id3Of(2, 0, append(frameOf(2, "TT2", []byte("\x00a")), frameOf(2, "TXX", plain)...)),
		"2.3 Latin-1": id3Of(3, 0, append(frameOf(3, "TXXX", plain), frameOf(3, "TIT2", title)...)),
		"2.3 UTF-16":  id3Of(3, 0, frameOf(3, "TXXX", wide)),
		"2.3 padding": id3Of(3, 0, append(frameOf(3, "TIT2", title), make([]byte, 700)...)),
		"2.3 desync":  id3Of(3, 0x80, desync(append(frameOf(3, "APIC", []byte("\x00image/jpeg\x00\x03\x00\xff\xd8\xff\xe0\xff\x00")), frameOf(3, "TXXX", wide)...))),
		"2.3 header":  id3Of(3, 0x40, append(append(crc, frameOf(3, "TIT2", title)...), make([]byte, 7)...)),
		"2.3 packed":  id3Of(3, 0, frameOf(3, "TXXX", packedLabel, 0, 0x80)),
		"2.4 UTF-8":   id3Of(4, 0, append(frameOf(4, "TXXX", []byte("\x03AIGC\x00"+strictJSON)), make([]byte, 20)...)),
		"2.4 BE":      id3Of(4, 0, frameOf(4, "TXXX", append(append([]byte{2}, utf16Of(be, false, "AIGC")...), utf16Of(be, false, strictJSON)...))),
		"2.4 desync":  id3Of(4, 0x80, frameOf(4, "TXXX", desync(wide), 0, 0x02)),
		"2.4 header":  id3Of(4, 0x40, append([]byte{0, 0, 0, 12, 1, 0x20, 5, 0, 0, 0, 0, 0}, frameOf(4, "TXXX", plain)...)),
		"2.4 grouped": id3Of(4, 0, frameOf(4, "TXXX", append([]byte{9, 0, 0, 1, 0}, plain...), 0, 0x41)),
		"2.4 sizes":   id3Of(4, 0, append(frameOf(3, "TXXX", append(bytes.Clone(plain), strings.Repeat(" ", 20)...)), frameOf(3, "TIT2", title)...)),
		"2.4 footer":  append(id3Of(4, 0x10, frameOf(4, "TXXX", plain)), append([]byte("3DI\x04\x00\x10"), appendSyncSafe(nil, len(plain)+10)...)...),
		"two tags":    append(id3Of(3, 0, frameOf(3, "TIT2", title)), id3Of(4, 0, frameOf(4, "TXXX", plain))...),
		"two labels":  id3Of(3, 0, append(frameOf(3, "TXXX", plain), frameOf(3, "TXXX", []byte("\x00aigc\x00{}"))...)),
	}
	for name, tag := range files {
		files[name] = append(tag, sound(5)...)
	}
	files["tails"] = append(sound(5), "APETAGEX"+strings.Repeat("\x00", 24)+"TAG"+strings.Repeat("\x00", 125)...)
	return files
}

func TestMP3(t *testing.T) {
	t.Parallel()
	want := map[string][]string{
		"bare": nil, "tails": nil, "2.3 padding": nil, "2.3 header": nil,
		"2.4 sizes":  {"mp3.TXXX padding"},
		"two labels": {"mp3.TXXX duplicate", "mp3.TXXX missing_key label_value name duplicate"},
	}
	for name, in := range mp3s() {
		expect, special := want[name]
		if !special {
			expect = []string{"mp3.TXXX"}
		}
		reads(t, name, in, expect...)
		out := onlyLabel(t, name, in)
		if tail := in[bytes.Index(in, sound(5)):]; !bytes.HasSuffix(out, tail) {
			t.Errorf("%s: the sound or what follows it changed", name)
		}
		for _, kept := range []string{"\x03一首歌\x00", "\x00image/jpeg\x00\x03"} {
			if bytes.Contains(in, []byte(kept)) != bytes.Contains(out, []byte(kept)) {
				t.Errorf("%s: %q is gone", name, kept)
			}
		}
		if tags, err := id3Tags(bytes.NewReader(out)); err != nil || in[0] == 'I' && tags[0].version != in[3] {
			t.Errorf("%s: a tag of another version, %v", name, err)
		}
	}
}

func TestMP3UsesPadding(t *testing.T) {
	t.Parallel()
	in := mp3s()["2.3 padding"]
	if out := onlyLabel(t, "padding", in); len(out) != len(in) {
		t.Errorf("%d bytes, want %d: the padding had room", len(out), len(in))
	}
	out := onlyLabel(t, "header", mp3s()["2.3 header"])
	tags, err := id3Tags(bytes.NewReader(out))
	if err != nil {
		t.Fatal(err)
	}
	var frames []byte
	for _, f := range tags[0].frames {
		frames = append(frames, f.raw...)
	}
	if got, want := binary.BigEndian.Uint32(tags[0].ext[10:]), crc32.ChecksumIEEE(frames); got != want {
		t.Errorf("the extended header's check sum: got %x, want %x", got, want)
	}
}

func TestMP3Broken(t *testing.T) {
	t.Parallel()
	label := frameOf(3, "TXXX", []byte("\x00AIGC\x00"+strictJSON))
	for name, in := range map[string][]byte{
		"cut":          id3Of(3, 0, label)[:60],
		"lying frame":  id3Of(3, 0, append(bytes.Clone(label), "TIT2\x7f\xff\xff\xff\x00\x00a"...)),
		"no ID":        id3Of(3, 0, append(bytes.Clone(label), "????\x00\x00\x00\x01\x00\x00a"...)),
		"ext too long": id3Of(3, 0x40, []byte("\x7f\xff\xff\xff\x00\x00")),
	} {
		_, found, err := Marks(bytes.NewReader(in))
		if loam.KindOf(err) != loam.Invalid || strings.Contains(name, " ") && name != "ext too long" && len(found) != 1 {
			t.Errorf("%s: %d found, %v", name, len(found), err)
		}
		if _, err := Plan(bytes.NewReader(in), strictMark()); loam.KindOf(err) != loam.Invalid {
			t.Errorf("%s: Plan: %v", name, err)
		}
	}
}

func TestMP3IsTold(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		b    []byte
		want bool
	}{
		"two frames": {sound(2), true}, "one frame": {sound(1), true}, "a tag": {id3Of(3, 0, nil), true},
		"one, then words": {append(sound(1), "words"...), false}, "UTF-16": {[]byte("\xff\xfea\x00b\x00"), false}, "AAC": {[]byte("\xff\xf1\x50\x80\x00"), false},
	} {
		if got, _ := Identify(bytes.NewReader(c.b)); (got == MP3) != c.want {
			t.Errorf("%s: %q", name, got)
		}
	}
}

func FuzzMP3(f *testing.F) {
	for _, b := range mp3s() {
		f.Add(b)
	}
	f.Fuzz(neverPanics)
}
