package media

import (
	"bytes"
	"cmp"

	"loam"
)

// mp3Is tells an MPEG audio stream: a tag, or two frames of one kind in a row.
func mp3Is(head []byte, src Source) bool {
	if bytes.HasPrefix(head, []byte("ID3")) {
		return len(head) >= 10 && head[3] >= 2 && head[3] <= 4
	}
	n := mpegFrame(head)
	if n == 0 {
		return false
	}
	next, err := read(src, int64(n), min(4, max(0, src.Size()-int64(n))))
	return err == nil && (len(next) == 0 || len(next) == 4 && mpegFrame(next) > 0 && next[1] == head[1])
}

// mpegRates are kbit/s by index for layer III and II of MPEG 1, and for both of MPEG 2
// (ISO/IEC 11172-3, 13818-3).
var mpegRates = [3][16]int{
	{0, 32, 40, 48, 56, 64, 80, 96, 112, 128, 160, 192, 224, 256, 320},
	{0, 32, 48, 56, 64, 80, 96, 112, 128, 160, 192, 224, 256, 320, 384},
	{0, 8, 16, 24, 32, 40, 48, 56, 64, 80, 96, 112, 128, 144, 160},
}

// mpegFrame is the length in bytes of the layer II or III frame whose header b begins with,
// 0 if it is none.
func mpegFrame(b []byte) int {
	if len(b) < 4 || b[0] != 0xff || b[1]&0xe0 != 0xe0 {
		return 0
	}
	version, layer := b[1]>>3&3, b[1]>>1&3
	rate, hz := b[2]>>4, []int{44100, 48000, 32000, 0}[b[2]>>2&3]
	if version == 1 || layer == 0 || layer == 3 || hz == 0 {
		return 0
	}
	table, samples := 0, 1152
	switch {
	case version != 3:
		table = 2
		if layer == 1 {
			samples = 576
		}
	case layer == 2:
		table = 1
	}
	hz >>= [4]int{2, 0, 1, 0}[version]
	kbit := mpegRates[table][rate]
	if kbit == 0 {
		return 0
	}
	return samples/8*kbit*1000/hz + int(b[2]>>1&1)
}

func mp3Marks(src Source) ([]Found, error) {
	tags, err := id3Tags(src)
	out, e := id3Marks(tags)
	err = cmp.Or(err, e)
	return lateMarks(src, id3Sound(src, tags), "mp3.late", out, err)
}

// id3Sound is where labels behind the tags at the front are looked for.
func id3Sound(src Source, tags []id3Tag) int64 {
	begins := int64(0)
	if len(tags) > 0 {
		begins = tags[len(tags)-1].end
	}
	return tailOfStream(src, begins)
}

// id3Marks are the labels of the tags at the front of a file.
func id3Marks(tags []id3Tag) ([]Found, error) {
	var out []Found
	for _, t := range tags {
		for _, f := range t.frames {
			if !f.label {
				continue
			}
			if len(out) > maxMarks {
				return out, damaged("id3: too many labels")
			}
			m := readRaw(f.text, "mp3.TXXX")
			if !f.exact {
				m.warn("name")
			}
			out = append(out, m)
		}
	}
	return out, nil
}

// mp3Put puts the label into the first ID3v2 tag, in its version, or makes one of 2.3, which
// every reader knows. Sound and the tags at the end of the file stay as they are, less their labels.
func mp3Put(src Source, _ loam.Mark, raw string) (*Edit, error) {
	tags, err := id3Tags(src)
	if err != nil {
		return nil, err
	}
	late, err := behind(src, id3Sound(src, tags), "mp3.late")
	if err != nil {
		return nil, err
	}
	e, at := new(Edit), int64(0)
	if len(tags) == 0 {
		tags = []id3Tag{{version: 3}}
	}
	for i, t := range tags {
		if i > 0 && !t.marked() {
			continue
		}
		label := raw
		if i > 0 {
			label = ""
		}
		b, err := t.with(label)
		if err != nil {
			return nil, err
		}
		e.keep(src, at, t.at)
		e.add(b)
		at = t.end
	}
	e.keepLess(src, at, src.Size(), late)
	return e, nil
}
