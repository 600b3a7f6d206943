package media

import (
	"bytes"
	"encoding/binary"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"loam"
)

// oggPages lays packets into pages of at most n segments, the first on a page of its own as
// every codec asks.
func oggPages(serial uint32, n int, flags byte, packets ...[]byte) [][]byte {
	var out [][]byte
	var lacing, data []byte
	inside := false
	flush := func(last bool) {
		p := oggPage{serial: serial, seq: uint32(len(out)), lacing: lacing, granule: uint64(len(out))}
		if inside {
			p.flags |= pageContinues
		}
		if len(out) == 0 {
			p.flags |= pageBegins
		}
		if last {
			p.flags |= flags
		}
		inside = len(lacing) > 0 && lacing[len(lacing)-1] == 255
		out = append(out, p.bytes(data))
		lacing, data = nil, nil
	}
	for i, packet := range packets {
		for done := false; !done; {
			l := min(len(packet), 255)
			lacing, data = append(lacing, byte(l)), append(data, packet[:l]...)
			packet, done = packet[l:], l < 255
			if len(lacing) == n && !(done && i == len(packets)-1) {
				flush(false)
			}
		}
		if i == 0 {
			flush(false)
		}
	}
	flush(true)
	return out
}

func vorbisOf(serial uint32, n int, comment []byte) [][]byte {
	return oggPages(serial, n, pageEnds, []byte("\x01vorbis rest of it"), append(append([]byte("\x03vorbis"), comment...), 1), []byte("\x05vorbis setup"),
		bytes.Repeat([]byte("sound"), 200), []byte("more"))
}

func opusOf(serial uint32, n int, comment []byte) [][]byte {
	return oggPages(serial, n, pageEnds, []byte("OpusHead rest of it"), append([]byte("OpusTags"), comment...), bytes.Repeat([]byte("opus"), 300))
}

func join(parts ...[][]byte) []byte {
	var out []byte
	for _, p := range parts {
		out = append(out, bytes.Join(p, nil)...)
	}
	return out
}

// braid lays the pages of two streams between each other.
func braid(a, b [][]byte) []byte {
	var out []byte
	for i := range max(len(a), len(b)) {
		if i < len(a) {
			out = append(out, a[i]...)
		}
		if i < len(b) {
			out = append(out, b[i]...)
		}
	}
	return out
}

func oggs() map[string][]byte {
	plain, labelled := commentsOf("TITLE=一"), commentsOf("TITLE=一", "aigc="+strictJSON)
	long := commentsOf("COVER="+strings.Repeat("x", 3000), "TITLE=一")
	flacBlockOf := func(c []byte) []byte { return append(flacHeader(flacComment, len(c), true), c...) }
	damaged := join(opusOf(7, 255, labelled))
	damaged[bytes.Index(damaged, []byte("p-1"))] = 'q'
	return map[string][]byte{
		"vorbis":           join(vorbisOf(7, 255, plain)),
		"vorbis labelled":  join(vorbisOf(7, 255, labelled)),
		"vorbis two pages": join(vorbisOf(7, 4, long)),
		"opus":             join(opusOf(7, 255, plain)),
		"opus long":        join(opusOf(7, 255, append(long, make([]byte, 70_000)...))),
		"opus damaged":     damaged,
		"theora":           join(oggPages(1, 255, pageEnds, []byte("\x80theora"), append([]byte("\x81theora"), labelled...), []byte("\x82theora"))),
		"speex":            join(oggPages(1, 255, pageEnds, []byte("Speex   1.2"), labelled, []byte("sound"))),
		"flac":             join(oggPages(1, 255, pageEnds, []byte("\x7fFLAC\x01\x00\x00\x01fLaC"), flacBlockOf(labelled), []byte("sound"))),
		"chained":          join(vorbisOf(7, 3, plain), opusOf(7, 255, labelled), vorbisOf(9, 2, commentsOf("AIGC={}"))),
		"multiplexed":      braid(oggPages(1, 2, pageEnds, []byte("\x80theora"), append([]byte("\x81theora"), labelled...), bytes.Repeat([]byte("picture"), 500)), vorbisOf(2, 2, labelled)),
		"skeleton":         braid(oggPages(5, 255, pageEnds, []byte("fishead\x00"), []byte("fisbone")), opusOf(6, 255, labelled)),
	}
}

// packetsOf is what a file says, stream by stream: packets as the pages hold them. Every page
// must have its number and its check sum.
func packetsOf(tb testing.TB, b []byte) [][]byte {
	tb.Helper()
	var out [][]byte
	open := map[uint32]int{}
	next := map[uint32]uint32{}
	src := bytes.NewReader(b)
	for at := int64(0); at < src.Size(); {
		p, err := readPage(src, at)
		if err != nil {
			tb.Fatal(err)
		}
		raw := bytes.Clone(b[p.at:p.end()])
		clear(raw[22:26])
		if got := oggCRC(raw); got != p.crc {
			tb.Errorf("page at %d: check sum %x, want %x", at, p.crc, got)
		}
		if p.flags&pageBegins != 0 {
			next[p.serial] = 0
		}
		if p.seq != next[p.serial] {
			tb.Errorf("page at %d: number %d, want %d", at, p.seq, next[p.serial])
		}
		next[p.serial]++
		data := b[p.payload():p.end()]
		for _, l := range p.lacing {
			i, ok := open[p.serial]
			if !ok {
				i = len(out)
				out, open[p.serial] = append(out, nil), i
			}
			out[i] = append(out[i], data[:l]...)
			if data = data[l:]; l < 255 {
				delete(open, p.serial)
			}
		}
		at = p.end()
	}
	if len(open) > 0 {
		tb.Errorf("%d packets have no end", len(open))
	}
	return out
}

func TestOGG(t *testing.T) {
	t.Parallel()
	want := map[string][]string{
		"vorbis": nil, "opus": nil, "opus long": nil, "vorbis two pages": nil,
		"vorbis labelled": {"ogg.vorbis"}, "theora": {"ogg.theora"}, "speex": {"ogg.speex"}, "flac": {"ogg.flac"}, "skeleton": {"ogg.opus"},
		"opus damaged": {"ogg.opus crc"},
		"chained":      {"ogg.opus duplicate", "ogg.vorbis missing_key label_value duplicate"},
		"multiplexed":  {"ogg.theora duplicate", "ogg.vorbis duplicate"},
	}
	for name, in := range oggs() {
		reads(t, name, in, want[name]...)
		out := onlyLabel(t, name, in)
		if name == "opus damaged" {
			continue
		}
		before, after := packetsOf(t, in), packetsOf(t, out)
		if len(before) != len(after) {
			t.Errorf("%s: %d packets, want %d", name, len(after), len(before))
			continue
		}
		for i := range before {
			if !bytes.Equal(before[i], after[i]) && !bytes.Contains(before[i], []byte("a vendor")) {
				t.Errorf("%s: packet %d changed: %.40q, was %.40q", name, i, after[i], before[i])
			}
			for _, kept := range []string{"TITLE=一", strings.Repeat("x", 3000)} {
				if bytes.Contains(before[i], []byte(kept)) != bytes.Contains(after[i], []byte(kept)) {
					t.Errorf("%s: %.9q is gone", name, kept)
				}
			}
		}
	}
}

func TestOGGBroken(t *testing.T) {
	t.Parallel()
	good := join(opusOf(7, 4, commentsOf("AIGC="+strictJSON)))
	for name, c := range map[string]struct {
		in    []byte
		found int
	}{
		"cut in the comments": {good[:100], 0},
		"cut behind them":     {good[:len(good)-10], 1},
		"pages behind junk":   {cat(good, []byte("junk"), good), 2},
		"half a page":         {append(bytes.Clone(good), "OggS\x00"...), 1},
		"no comment packet":   {join(oggPages(1, 255, pageEnds, []byte("OpusHead"), []byte("sound"))), 0},
	} {
		_, found, err := Marks(bytes.NewReader(c.in))
		if loam.KindOf(err) != loam.Invalid || len(found) != c.found {
			t.Errorf("%s: %d found, %v", name, len(found), err)
		}
		if _, err := Plan(bytes.NewReader(c.in), strictMark()); loam.KindOf(err) != loam.Invalid {
			t.Errorf("%s: Plan: %v", name, err)
		}
	}
	if _, err := Plan(bytes.NewReader(join(oggPages(1, 255, pageEnds, []byte("fishead\x00"), nil))), strictMark()); loam.CodeOf(err) != "file.read_only" {
		t.Errorf("no codec with comments: %v", err)
	}
}

// TestOggCRC: the published check value of this CRC, and zero bytes skipped as if they had
// been read.
func TestOggCRC(t *testing.T) {
	t.Parallel()
	if got := oggCRC([]byte("123456789")); got != 0x89a1897f {
		t.Errorf("got %x", got)
	}
	rapid.Check(t, func(t *rapid.T) {
		b := rapid.SliceOfN(rapid.Byte(), 1, 20).Draw(t, "bytes")
		n := rapid.IntRange(0, 3000).Draw(t, "zeros")
		if got, want := oggAhead(oggCRC(b), int64(n)), oggCRC(append(b, make([]byte, n)...)); got != want {
			t.Fatalf("got %x, want %x", got, want)
		}
	})
}

// TestRenumbered: pages read in any pieces have the numbers and check sums of pages made so.
func TestRenumbered(t *testing.T) {
	t.Parallel()
	pages := opusOf(3, 2, commentsOf("A=b"))
	in := join(pages)
	r := &renumbered{Source: bytes.NewReader(in)}
	var want []byte
	for at, i := int64(0), 0; at < int64(len(in)); i++ {
		p, err := readPage(r.Source, at)
		if err != nil {
			t.Fatal(err)
		}
		r.pages = append(r.pages, movedPage{p.at, 5})
		data := in[p.payload():p.end()]
		at = p.end()
		p.seq += 5
		want = append(want, p.bytes(data)...)
	}
	rapid.Check(t, func(t *rapid.T) {
		at := rapid.IntRange(0, len(in)-1).Draw(t, "at")
		got := make([]byte, rapid.IntRange(1, 400).Draw(t, "n"))
		n, _ := r.ReadAt(got, int64(at))
		if !bytes.Equal(got[:n], want[at:at+n]) || n != min(len(got), len(in)-at) {
			t.Fatalf("%d bytes at %d: %q, want %q", n, at, got[:n], want[at:at+n])
		}
	})
	if binary.LittleEndian.Uint32(want[18:]) != 5 {
		t.Error("the test's own pages are not renumbered")
	}
}

func FuzzOGG(f *testing.F) {
	for _, b := range oggs() {
		if len(b) < 10_000 {
			f.Add(b)
		}
	}
	f.Fuzz(neverPanics)
}
