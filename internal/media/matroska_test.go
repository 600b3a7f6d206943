package media

import (
	"bytes"
	"hash/crc32"
	"slices"
	"strings"
	"testing"

	"loam"
)

func uint8s(n int64, width int) []byte { return be64(n)[8-width:] }

// withCRC puts a checksum before an element's data.
func withCRC(data []byte) []byte {
	sum := crc32.ChecksumIEEE(data)
	return cat([]byte{idCRC, 0x84, byte(sum), byte(sum >> 8), byte(sum >> 16), byte(sum >> 24)}, data)
}

func ebmlHead(kind string) []byte { return newElement(idEBML, newElement(0x4282, []byte(kind))) }

func tag(targets []byte, pairs ...string) []byte {
	parts := [][]byte{newElement(idTargets, targets)}
	for i := 0; i < len(pairs); i += 2 {
		parts = append(parts, newElement(idSimpleTag, newElement(idTagName, []byte(pairs[i])), newElement(idTagString, []byte(pairs[i+1]))))
	}
	return newElement(idTag, parts...)
}

// unsized is an element of no length.
func unsized(id uint32, data []byte) []byte { return cat(appendID(nil, id), []byte{0xff}, data) }

// reel is a Matroska file with a seek head, cues and clusters that tell their places, and
// what else is given: before the clusters, behind them, and how much Void is behind the seek head.
type reel struct {
	before, after []byte
	gap           int // 0 for none
	width         int // of places
	crc, live     bool
	noSeek        bool
}

func (r reel) bytes() []byte {
	if r.width == 0 {
		r.width = 4
	}
	sum := func(b []byte) []byte {
		if r.crc {
			return withCRC(b)
		}
		return b
	}
	places := map[string]int64{}
	var data []byte
	for range 2 {
		seek := func(id uint32, name string) []byte {
			return newElement(idSeek, newElement(idSeekID, appendID(nil, id)), newElement(idSeekPosition, uint8s(places[name], r.width)))
		}
		cue := func(name string) []byte {
			return newElement(idCuePoint, newElement(0xb3, []byte{0}), newElement(idCueTrack, newElement(0xf7, []byte{1}), newElement(idCueCluster, uint8s(places[name], r.width))))
		}
		cluster := func(name string) []byte {
			body := cat(newElement(idTimestamp, []byte{0}), newElement(idPosition, uint8s(places[name], r.width)), newElement(0xa3, []byte("\x81\x00\x00\x80"+target)))
			if r.live {
				return unsized(idCluster, cat(newElement(idTimestamp, []byte{0}), newElement(0xa3, []byte("\x81\x00\x00\x80"+target))))
			}
			return newElement(idCluster, body)
		}
		data = data[:0]
		add := func(name string, b []byte) {
			places[name] = int64(len(data))
			data = append(data, b...)
		}
		if !r.noSeek {
			entries := cat(seek(idInfo, "info"), seek(idCues, "cues"))
			if bytes.HasPrefix(r.after, appendID(nil, idTags)) {
				entries = append(entries, seek(idTags, "tags")...)
			}
			add("seek", newElement(idSeekHead, sum(entries)))
		}
		if r.gap > 0 {
			add("gap", append(voidHeader(int64(r.gap)), make([]byte, r.gap-len(voidHeader(int64(r.gap))))...))
		}
		add("info", newElement(idInfo, newElement(0x2ad7b1, []byte{1})))
		add("before", r.before)
		add("one", cluster("one"))
		add("two", cluster("two"))
		if !r.live {
			add("cues", newElement(idCues, sum(cat(cue("one"), cue("two")))))
		}
		add("tags", r.after)
	}
	if r.live {
		return cat(ebmlHead("webm"), unsized(idSegment, data))
	}
	return cat(ebmlHead("matroska"), newElement(idSegment, data))
}

// checkReel follows every place and checksum of a file and lists the rest of it.
func checkReel(t testing.TB, b []byte) []string {
	t.Helper()
	src := bytes.NewReader(b)
	r, err := recordingScan(src)
	if err != nil {
		t.Fatal(err)
	}
	idAt := func(at uint64) uint32 {
		e, err := elementAt(src, r.segment.body+int64(at), r.segment.end)
		if err != nil {
			t.Fatalf("place %d: %v", at, err)
		}
		return e.id
	}
	var rest []string
	left := 1 << 20
	var walk func(e element)
	walk = func(e element) {
		d := b[e.body:e.end]
		if bytes.HasPrefix(d, []byte{idCRC, 0x84}) && !bytes.Equal(d, withCRC(d[6:])) {
			t.Errorf("element %x: checksum", e.id)
		}
		switch e.id {
		case idSeek:
			id, at := uint32(0), uint64(0)
			_ = elements(src, e.body, e.end, &left, func(f element) error {
				if f.id == idSeekID {
					id = uint32(bigEndian(b[f.body:f.end]))
				} else {
					at = bigEndian(b[f.body:f.end])
				}
				return nil
			})
			if idAt(at) != id {
				t.Errorf("seek head: %x is not at %d", id, at)
			}
		case idCueCluster:
			if idAt(bigEndian(d)) != idCluster {
				t.Errorf("cues: no cluster at %d", bigEndian(d))
			}
		case idSeekHead, idCues, idCuePoint, idCueTrack, idTags, idTag:
			_ = elements(src, e.body, e.end, &left, func(f element) error { walk(f); return nil })
		case idCluster:
			i := bytes.Index(d, []byte{idPosition, 0x80 | 4})
			if i >= 0 && int64(bigEndian(d[i+2:i+6])) != e.at-r.segment.body {
				t.Errorf("cluster at %d says %d", e.at-r.segment.body, bigEndian(d[i+2:i+6]))
			}
			rest = append(rest, "cluster "+string(d[max(0, len(d)-8):]))
		case idVoid, idCRC, idTargets:
		case idSimpleTag:
			text := ""
			_ = elements(src, e.body, e.end, &left, func(f element) error {
				if f.id == idTagName || f.id == idTagString {
					text += " " + string(b[f.body:f.end])
				}
				return nil
			})
			if !isAIGC(text) {
				rest = append(rest, "tag"+text)
			}
		default:
			rest = append(rest, string(appendID(nil, e.id))+string(d))
		}
	}
	if err := r.each(func(e element) error { walk(e); return nil }); err != nil {
		t.Fatal(err)
	}
	return rest
}

func TestMatroska(t *testing.T) {
	t.Parallel()
	wrapped := `{"AIGC":` + strictJSON + `}`
	long := strings.Replace(strictJSON, "p-1", strings.Repeat("p", 100), 1)
	track := newElement(idTagTrack, []byte{1})
	for name, tt := range map[string]struct {
		in    reel
		marks int
	}{
		"none":               {reel{}, 0},
		"none, checksums":    {reel{crc: true}, 0},
		"Void for a seek":    {reel{gap: 40}, 0},
		"Void for all":       {reel{gap: 4000}, 0},
		"exact":              {reel{gap: len(newElement(idTags, newElement(idTag, newElement(idTargets), simpleTagOf(strictJSON))))}, 0},
		"one byte more":      {reel{gap: 1 + len(newElement(idTags, newElement(idTag, newElement(idTargets), simpleTagOf(strictJSON))))}, 0},
		"no seek head":       {reel{noSeek: true}, 0},
		"live":               {reel{live: true, noSeek: true}, 0},
		"live, tag at end":   {reel{live: true, noSeek: true, after: newElement(idTags, tag(nil, "AIGC", wrapped))}, 1},
		"narrow":             {reel{width: 1, gap: 40}, 0},
		"before":             {reel{before: newElement(idTags, tag(nil, "TITLE", "a", "AIGC", "{}", "ENCODER", "b"))}, 1},
		"before, checksum":   {reel{crc: true, before: newElement(idTags, withCRC(tag(nil, "TITLE", "a", "AIGC", long)))}, 1},
		"other case":         {reel{before: newElement(idTags, tag(nil, "aigc", "{}"))}, 1},
		"long enough":        {reel{before: newElement(idTags, tag(nil, "AIGC", long, "TITLE", "a"))}, 1},
		"at the end":         {reel{after: newElement(idTags, tag(nil, "AIGC", "{}"))}, 1},
		"at the end, crc":    {reel{crc: true, after: newElement(idTags, tag(nil, "AIGC", "{}"))}, 1},
		"not at the end":     {reel{after: cat(newElement(idTags, tag(nil, "AIGC", "{}")), newElement(idChapters, []byte("abc")))}, 1},
		"of a track":         {reel{before: newElement(idTags, tag(track, "AIGC", long, "LANGUAGE", "x"))}, 1},
		"in a tag":           {reel{before: newElement(idTags, newElement(idTag, newElement(idSimpleTag, newElement(idTagName, []byte("X")), newElement(idSimpleTag, newElement(idTagName, []byte("AIGC"))))))}, 1},
		"two in one":         {reel{before: newElement(idTags, tag(nil, "AIGC", "{}", "AIGC", long))}, 2},
		"two places":         {reel{before: newElement(idTags, tag(nil, "AIGC", strictJSON)), after: newElement(idTags, tag(nil, "AIGC", strictJSON))}, 2},
		"two places, others": {reel{crc: true, gap: 300, before: newElement(idTags, tag(nil, "AIGC", "{}"), tag(track, "A", "b")), after: newElement(idTags, withCRC(cat(tag(nil, "AIGC", "{}"), tag(nil, "C", "d"))))}, 2},
	} {
		in := tt.in.bytes()
		found, err := Read(in)
		if err != nil || len(found) != tt.marks {
			t.Errorf("%s: got %+v, %v", name, found, err)
			continue
		}
		rest := checkReel(t, in)
		out := labelled(t, in)
		got := checkReel(t, out)
		if !slices.Equal(rest, got) {
			diff(t, name, rest, got)
		}
		again, err := Write(out, loam.Mark{Label: "2", ContentProducer: strings.Repeat("x", 200), ProduceID: "p", ContentPropagator: "x", PropagateID: "y"})
		if err != nil {
			t.Errorf("%s: a longer label: %v", name, err)
			continue
		}
		if found, err := Read(again); err != nil || len(found) != 1 || !found[0].Strict() || found[0].State != loam.MayAI {
			t.Errorf("%s: a longer label: %+v, %v", name, found, err)
		}
		diff(t, name, rest, checkReel(t, again))
	}
}

// TestMatroskaBroken: a file that cannot be followed gives what was found before, and is not
// written.
func TestMatroskaBroken(t *testing.T) {
	t.Parallel()
	whole := reel{before: newElement(idTags, tag(nil, "AIGC", strictJSON))}.bytes()
	_, found, err := Marks(bytes.NewReader(whole[:len(whole)-4]))
	if loam.CodeOf(err) != "media.broken" || len(found) != 0 {
		t.Errorf("cut: %+v, %v", found, err)
	}
	live := reel{live: true, noSeek: true, before: newElement(idTags, tag(nil, "AIGC", strictJSON))}.bytes()
	_, found, err = Marks(bytes.NewReader(live[:len(live)-4]))
	if loam.CodeOf(err) != "media.broken" || len(found) != 1 {
		t.Errorf("cut live: %+v, %v", found, err)
	}
	deep := newElement(idSimpleTag, newElement(idTagName, []byte("A")))
	for range 20 {
		deep = newElement(idSimpleTag, deep)
	}
	for name, in := range map[string][]byte{
		"no segment":   ebmlHead("webm"),
		"two segments": cat(reel{live: true, noSeek: true}.bytes(), reel{}.bytes()),
		"deep":         reel{before: newElement(idTags, newElement(idTag, deep))}.bytes(),
		"many":         reel{before: newElement(idTags, bytes.Repeat(tag(nil, "AIGC", "{}"), 300))}.bytes(),
		"zeros":        cat(ebmlHead("webm"), newElement(idSegment, make([]byte, 100))),
		"endless tag":  cat(ebmlHead("webm"), unsized(idSegment, unsized(idTags, nil))),
	} {
		if _, err := Write(in, strictMark()); loam.CodeOf(err) != "media.broken" {
			t.Errorf("%s: got %v", name, err)
		}
	}
	if _, err := Write(reel{width: 1}.bytes(), strictMark()); loam.CodeOf(err) != "label.no_room" {
		t.Errorf("places of one byte: got %v", err)
	}
}

func FuzzMatroska(f *testing.F) {
	tags := newElement(idTags, tag(nil, "AIGC", "{}", "TITLE", "a"))
	for _, r := range []reel{{}, {gap: 40, width: 1}, {gap: 4000}, {live: true, noSeek: true}, {before: tags, crc: true}, {after: tags, noSeek: true}} {
		f.Add(r.bytes())
	}
	f.Fuzz(func(t *testing.T, b []byte) {
		e, err := matroskaPut(bytes.NewReader(b), strictMark(), strictJSON)
		if err != nil {
			return
		}
		out, err := e.Bytes()
		if err != nil {
			t.Fatal(err)
		}
		found, err := matroskaMarks(bytes.NewReader(out))
		if err != nil || len(found) != 1 || !found[0].Strict() {
			t.Fatalf("read back %+v, %v", found, err)
		}
		r, _ := recordingScan(bytes.NewReader(b))
		end := r.segment.end           // what is behind it stays in one piece, too
		for _, hole := range r.holes { // what stands in one is nothing (RFC 8794, 11.3.1), and its room may be taken
			clear(b[hole.body:hole.end])
		}
		if got, want := bytes.Count(out, []byte(target)), bytes.Count(b[:end], []byte(target))+bytes.Count(b[end:], []byte(target)); got < want {
			t.Fatalf("%d blocks, had %d", got, want)
		}
	})
}
