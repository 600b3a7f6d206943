package media

import (
	"cmp"
	"encoding/binary"

	"loam"
)

// FLAC metadata blocks (RFC 9639, 8).
const (
	flacPadding  = 1
	flacComment  = 4
	flacReserved = 127
	maxBlocks    = 10_000
	maxFLACBlock = 1<<24 - 1
)

// flacBlock is one metadata block: its header and the length of what follows.
type flacBlock struct {
	kind byte
	at   int64
	n    int64
	last bool
}

// flacStart is where the stream begins: some writers put an ID3v2 tag before it. -1 if there
// is none.
func flacStart(src Source) int64 {
	at := int64(0)
	for range maxID3Tags {
		head, err := read(src, at, min(10, src.Size()-at))
		if err != nil || len(head) < 10 {
			return -1
		}
		if string(head[:4]) == "fLaC" {
			return at
		}
		if string(head[:3]) != "ID3" {
			return -1
		}
		at += 10 + syncSafe(head[6:])
		if head[3] == 4 && head[5]&0x10 != 0 {
			at += 10
		}
		if at > src.Size() {
			return -1
		}
	}
	return -1
}

func flacBlocks(src Source) ([]flacBlock, error) {
	src = windowed(src)
	start := flacStart(src)
	if start < 0 {
		return nil, damaged("flac: no stream")
	}
	var out []flacBlock
	for at := start + 4; len(out) < maxBlocks; {
		head, err := read(src, at, 4)
		if err != nil {
			return out, damaged("flac: ends inside the metadata")
		}
		b := flacBlock{kind: head[0] & 0x7f, last: head[0]&0x80 != 0, at: at, n: int64(binary.BigEndian.Uint32(head) & maxFLACBlock)}
		at += 4 + b.n
		if at > src.Size() || b.kind == flacReserved || len(out) == 0 && b.kind != 0 {
			return out, damaged("flac: no metadata block where one must be")
		}
		if out = append(out, b); b.last {
			return out, nil
		}
	}
	return out, damaged("flac: too many blocks")
}

// flacComments reads the comments of a block of the file.
func flacComments(src Source, b flacBlock) (comments, error) {
	data, err := read(src, b.at+4, b.n)
	if err != nil {
		return comments{}, err
	}
	return readComments(data)
}

func flacMarks(src Source) ([]Found, error) {
	tags, err := id3Tags(src) // before the stream
	out, e := id3Marks(tags)
	if err = cmp.Or(err, e); err != nil {
		return out, err
	}
	blocks, walked := flacBlocks(src)
	for _, b := range blocks {
		if b.kind != flacComment {
			continue
		}
		c, err := flacComments(src, b)
		out = append(out, c.marks("flac.comment")...)
		if err != nil {
			return out, err
		}
	}
	return lateMarks(src, flacAudio(src, blocks), "flac.late", out, walked)
}

// flacAudio is where labels behind the sound are looked for.
func flacAudio(src Source, blocks []flacBlock) int64 {
	if len(blocks) == 0 {
		return src.Size()
	}
	last := blocks[len(blocks)-1]
	return tailOfStream(src, last.at+4+last.n)
}

// flacPut puts the label into the first comment block, making one behind STREAMINFO if
// there is none. A padding block gives or takes the difference where it can.
func flacPut(src Source, _ loam.Mark, raw string) (*Edit, error) {
	clean, err := id3Without(src)
	if err != nil {
		return nil, err
	}
	src = clean
	blocks, err := flacBlocks(src)
	if err != nil {
		return nil, err
	}
	fresh, grown, err := flacFresh(src, blocks, raw)
	if err != nil {
		return nil, err
	}
	pad := -1
	for i, b := range blocks {
		if grown != 0 && b.kind == flacPadding && b.n >= grown && b.n-grown <= maxFLACBlock {
			pad = i
			break
		}
	}
	e := new(Edit)
	e.keep(src, 0, blocks[0].at)
	made := len(fresh[-1]) > 0
	for i, b := range blocks {
		last := b.last && (i > 0 || !made)
		switch data, changed := fresh[i]; {
		case changed:
			e.add(flacHeader(b.kind, len(data), last))
			e.add(data)
		case i == pad:
			e.add(flacHeader(b.kind, int(b.n-grown), last))
			e.add(make([]byte, b.n-grown))
		default:
			e.add(flacHeader(b.kind, int(b.n), last))
			e.keep(src, b.at+4, b.at+4+b.n)
		}
		if i == 0 && made {
			e.add(flacHeader(flacComment, len(fresh[-1]), b.last))
			e.add(fresh[-1])
		}
	}
	end := blocks[len(blocks)-1]
	late, err := behind(src, flacAudio(src, blocks), "flac.late")
	if err != nil {
		return nil, err
	}
	e.keepLess(src, end.at+4+end.n, src.Size(), late)
	return e, nil
}

// flacFresh are the comment blocks that change, by their place among blocks; one that has to
// be made stands at -1. grown is by how many bytes the metadata gets longer.
func flacFresh(src Source, blocks []flacBlock, raw string) (fresh map[int][]byte, grown int64, err error) {
	fresh = map[int][]byte{}
	done := false
	for i, b := range blocks {
		if b.kind != flacComment {
			continue
		}
		c, err := flacComments(src, b)
		if err != nil {
			return nil, 0, err
		}
		if done && !c.marked() {
			continue
		}
		label := raw
		if done {
			label = ""
		}
		fresh[i] = c.with(label)
		grown += int64(len(fresh[i])) - b.n
		done = true
	}
	if !done {
		fresh[-1] = comments{vendor: []byte("Loam")}.with(raw)
		grown += 4 + int64(len(fresh[-1]))
	}
	for _, data := range fresh {
		if len(data) > maxFLACBlock {
			return nil, 0, errNoRoom()
		}
	}
	return fresh, grown, nil
}

func flacHeader(kind byte, n int, last bool) []byte {
	h := binary.BigEndian.AppendUint32(nil, uint32(n))
	if h[0] = kind; last {
		h[0] |= 0x80
	}
	return h
}

// id3Without plans a file whose ID3v2 tags have no label.
func id3Without(src Source) (Source, error) {
	tags, err := id3Tags(src)
	if err != nil {
		return nil, err
	}
	e, at := new(Edit), int64(0)
	for _, t := range tags {
		if !t.marked() {
			continue
		}
		b, err := t.with("")
		if err != nil {
			return nil, err
		}
		e.keep(src, at, t.at)
		e.add(b)
		at = t.end
	}
	if at == 0 {
		return src, nil
	}
	e.keep(src, at, src.Size())
	return e, nil
}
