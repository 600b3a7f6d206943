package media

import (
	"bytes"
	"encoding/binary"
	"slices"

	"loam"
)

// mpegSound follows an MP3 frame by frame; what stands between frames is no sound.
func mpegSound(src Source) (followed, error) {
	tags, err := id3Tags(src)
	if err != nil {
		return followed{}, err
	}
	at := int64(0)
	if len(tags) > 0 {
		at = tags[len(tags)-1].end
	}
	b, err := whole(src)
	if err != nil {
		return followed{}, err
	}
	e, first, samples, next := new(Edit), []byte(nil), int64(0), int64(-1)
	for at < src.Size() {
		h := b[at:]
		n := int64(mpegFrame(h))
		switch {
		case n == 0 || n > int64(len(h)) || first != nil && !sameMPEG(first, h) || at != next && !pairOfMPEG(h, n):
			skip := bytes.IndexByte(h[1:], 0xff)
			if skip < 0 {
				at = src.Size()
				continue
			}
			at += 1 + int64(skip)
			continue
		case h[1]>>1&3 != 1:
			return followed{}, noCodec("MPEG layer II")
		case first == nil:
			first = h[:4]
		}
		if e.keep(src, at, at+n); len(e.pieces) > maxBlocks {
			return followed{}, damaged("mp3: more between frames than frames")
		}
		samples += mpegSamples(h)
		at += n
		next = at
	}
	if first == nil {
		return followed{}, damaged("mp3: no frame")
	}
	return followed{lasting(samples, mpegRate(first)), func() (*Edit, error) { return e, nil }}, nil
}

// sameMPEG reports whether two frames have one version, layer, protection and sample rate, as all of a
// stream have.
func sameMPEG(a, b []byte) bool { return a[1] == b[1] && a[2]&0x0c == b[2]&0x0c }

// pairOfMPEG reports whether another frame follows one, or the end does.
func pairOfMPEG(b []byte, n int64) bool {
	next := b[n:]
	return len(next) < 4 || mpegFrame(next) > 0 && sameMPEG(b, next)
}

// mpegSamples are those of one layer III frame: half as many in MPEG 2 and 2.5.
func mpegSamples(h []byte) int64 {
	if h[1]>>3&3 == 3 {
		return 1152
	}
	return 576
}

func mpegRate(h []byte) int64 {
	return []int64{44100, 48000, 32000, 0}[h[2]>>2&3] >> [4]int{2, 0, 1, 0}[h[1]>>3&3]
}

// flacSeek is the kind of a block with places to seek to.
const flacSeek = 3

// flacSound reads how many samples a FLAC says it has (RFC 9639, 8.2), and keeps that block and
// the places to seek to before its frames.
func flacSound(src Source) (followed, error) {
	blocks, err := flacBlocks(src)
	if err != nil {
		return followed{}, err
	}
	info, err := read(src, blocks[0].at+4, blocks[0].n)
	if err != nil || len(info) < 34 {
		return followed{}, damaged("flac: no stream information")
	}
	packed := binary.BigEndian.Uint64(info[10:])
	rate, samples := int64(packed>>44), int64(packed&(1<<36-1))
	if samples == 0 {
		return followed{}, damaged("flac: it does not say how long it is")
	}
	last := blocks[len(blocks)-1]
	begins, ends := last.at+4+last.n, src.Size()
	if tail, err := read(src, max(begins, ends-128), min(128, ends-begins)); err == nil && len(tail) == 128 && string(tail[:3]) == "TAG" {
		ends -= 128 // ID3v1
	}
	kept := slices.DeleteFunc(blocks, func(b flacBlock) bool { return b.kind != 0 && b.kind != flacSeek })
	return followed{lasting(samples, rate), func() (*Edit, error) {
		e := new(Edit)
		e.add([]byte("fLaC"))
		for i, b := range kept {
			e.add(flacHeader(b.kind, int(b.n), i == len(kept)-1))
			e.keep(src, b.at+4, b.at+4+b.n)
		}
		e.keep(src, begins, ends)
		return e, nil
	}}, nil
}

// oggSound takes the granule of an Ogg's last page for its length (RFC 7845, 4; Vorbis I, A.2),
// and makes its comments empty.
func oggSound(src Source) (followed, error) {
	begun, granule := 0, int64(0)
	var ident oggPage
	streams, _, err := oggWalk(src, func(p *oggPage, _ *oggStream) {
		if p.flags&pageBegins != 0 {
			begun++
			ident = *p
			ident.lacing = bytes.Clone(p.lacing)
		}
		if p.granule != ^uint64(0) && p.granule < 1<<62 {
			granule = max(granule, int64(p.granule))
		}
	})
	if err != nil {
		return followed{}, err
	}
	if begun != 1 || len(streams) != 1 {
		return followed{}, loam.Fail(loam.Invalid, "sound.tracks")
	}
	s := streams[0]
	head, err := read(src, ident.payload(), min(ident.n, 19))
	if err != nil || len(head) < 19 || !s.done {
		return followed{}, damaged("ogg: no identification header")
	}
	rate := int64(48000)
	switch s.codec.name {
	case "opus":
		granule -= int64(binary.LittleEndian.Uint16(head[10:])) // what a player throws away
	case "vorbis":
		rate = int64(binary.LittleEndian.Uint32(head[12:]))
	default:
		return followed{}, noCodec(s.codec.name)
	}
	return followed{lasting(max(granule, 0), rate), func() (*Edit, error) { return oggBare(src, s) }}, nil
}

// oggBare plans an Ogg of one stream with nobody's comments in it.
func oggBare(src Source, s *oggStream) (*Edit, error) {
	was, err := s.comments()
	if err != nil {
		return nil, err
	}
	c := comments{vendor: []byte("Loam")}
	if s.codec.name == "vorbis" {
		c.rest = was.rest[:min(len(was.rest), 1)] // its framing bit
	}
	pages, err := s.repage(src, c, "")
	if err != nil {
		return nil, err
	}
	shifts := map[*oggStream]uint32{s: uint32(len(pages) - len(s.pages))}
	fresh := map[int64][][]byte{}
	for _, p := range s.pages {
		fresh[p.at], pages = pages, nil
	}
	return oggJoin(src, []*oggStream{s}, fresh, shifts)
}
