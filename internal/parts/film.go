package parts

import (
	"context"
	"fmt"
	"image"
	"image/png"
	"math/big"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"

	"loam"
	"loam/internal/media"
)

// filmEncoders are how each kind of moving picture is written again, at a quality at which
// the eye sees no difference. A kind that is not here is refused: another would be a surprise
// to whoever plays the file.
var filmEncoders = map[string][]string{
	"h264": {"libx264", "-preset", "medium", "-crf", "18"},
	"hevc": {"libx265", "-preset", "medium", "-crf", "20", "-x265-params", "log-level=error"},
	"vp8":  {"libvpx", "-deadline", "good", "-cpu-used", "2", "-crf", "8", "-b:v", "20M"},
	"vp9":  {"libvpx-vp9", "-deadline", "good", "-cpu-used", "3", "-row-mt", "1", "-crf", "22", "-b:v", "0"},
	"av1":  {"libaom-av1", "-cpu-used", "6", "-row-mt", "1", "-crf", "22", "-b:v", "0"},
}

// film marks a moving picture.
func (f *job) film(ctx context.Context, p probed, s stream, v Visible) error {
	encoder, ok := filmEncoders[s.Codec]
	if !ok {
		return loam.Fail(loam.Invalid, "film.codec", s.Codec)
	}
	times, err := f.times(ctx, f.in, s)
	if err != nil {
		return err
	}
	if err := f.plate(s, v); err != nil {
		return err
	}
	when, err := s.when(times, p.Format.Start, v.Closing)
	if err != nil {
		return err
	}
	at := ":v:" + strconv.Itoa(slices.IndexFunc(pictures(p), func(o stream) bool { return o.Index == s.Index }))
	filter := fmt.Sprintf("movie=plate.png,scale=%d:%d[plate];[in][plate]overlay=format=auto:eof_action=repeat:enable='%s'[out]", s.Width, s.Height, when)
	args := append([]string{"-noautorotate"}, reading(f.typ, f.in)...)
	args = append(args, "-map", "0", "-dn", "-map_metadata", "0", "-map_chapters", "0", "-c", "copy",
		"-filter"+at, filter, "-fps_mode"+at, "passthrough", "-enc_time_base"+at, s.Base, "-threads"+at, strconv.Itoa(filmThreads), "-c"+at)
	args = append(args, encoder...)
	args = append(args, s.looks(at)...)
	if f.typ == media.MP4 {
		args = append(args, "-video_track_timescale", s.Base[strings.IndexByte(s.Base, '/')+1:])
		if s.Tag == "hvc1" || s.Tag == "hev1" {
			args = append(args, "-tag"+at, s.Tag)
		}
	}
	muxer, err := f.muxer(p, true)
	if err != nil {
		return err
	}
	if _, err := f.encode(ctx, append(append(args, muxer...), "file:"+f.made())...); err != nil {
		return err
	}
	return f.checkFilm(ctx, p, s, times)
}

// pictures are the streams that ffmpeg counts as video, covers among them.
func pictures(p probed) []stream {
	return slices.DeleteFunc(slices.Clone(p.Streams), func(s stream) bool { return s.Kind != "video" })
}

// looks are the arguments that keep a picture's colours what they were.
func (s stream) looks(at string) []string {
	var out []string
	for _, one := range [][2]string{
		{"-pix_fmt", s.Pixels}, {"-color_range", s.Range}, {"-colorspace", s.Space}, {"-color_trc", s.Transfer}, {"-color_primaries", s.Primaries},
	} {
		if one[1] == "gbr" { // the name in what is told; "rgb" is that of the argument
			one[1] = "rgb"
		}
		if told(one[1]) {
			out = append(out, one[0]+at, one[1])
		}
	}
	return out
}

// when is ffmpeg's expression for the times at which the label is shown: from the first
// picture on until one begins that is Opening later, and at the end from the picture on that
// is shown Opening before it. ffmpeg counts from the file's own start.
func (s stream) when(times []span, start string, closing bool) (string, error) {
	zero, ok := new(big.Rat), true
	if told(start) {
		zero, ok = zero.SetString(start)
	}
	if !ok {
		return "", loam.Fail(loam.Invalid, "film.failed")
	}
	half := new(big.Rat).Quo(s.seconds(1), big.NewRat(2, 1)) // a picture begins on a tick
	long := big.NewRat(int64(Opening), 1e9)
	place := func(ticks int64) *big.Rat {
		r := s.seconds(ticks)
		return r.Sub(r, zero).Sub(r, half)
	}
	first := place(times[0].from)
	when := "lt(t," + rat(first.Add(first, long)) + ")"
	if closing {
		last := times[len(times)-1]
		end := s.seconds(last.from + last.length)
		i := len(times) - 1
		for i > 0 && s.seconds(times[i].from).Cmp(new(big.Rat).Sub(end, long)) > 0 {
			i--
		}
		when += "+gte(t," + rat(place(times[i].from)) + ")"
	}
	return when, nil
}

// plate draws the label as it is to be seen and turns it as the film's pictures lie.
func (f *job) plate(s stream, v Visible) error {
	turn, err := s.turned()
	if err != nil {
		return err
	}
	if s.Width < 1 || s.Height < 1 || s.Width > media.MaxPixels/s.Height {
		return loam.Fail(loam.TooLarge, "picture.too_large", "50 MP")
	}
	// A pixel that is not square is shown as wide as its aspect says.
	width := s.Width
	if aspect, ok := new(big.Rat).SetString(strings.Replace(s.Aspect, ":", "/", 1)); ok && aspect.Sign() > 0 {
		wide, _ := new(big.Rat).Mul(aspect, big.NewRat(int64(s.Width), 1)).Float64()
		if width = int(wide + 0.5); width < 1 || width > media.MaxPixels/s.Height {
			return loam.Fail(loam.TooLarge, "picture.too_large", "50 MP")
		}
	}
	w, h := width, s.Height
	if turn[0] == 0 {
		w, h = h, w
	}
	img, err := v.Plate(w, h)
	if err != nil {
		return err
	}
	file, err := os.Create(filepath.Join(f.dir, "plate.png"))
	if err != nil {
		return err
	}
	defer file.Close()
	return png.Encode(file, lay(img, width, s.Height, turn))
}

// lay gives the picture of a width and a height that is img once it is turned by a matrix.
func lay(img image.Image, width, height int, m [4]int) image.Image {
	if m == [4]int{1, 0, 0, 1} {
		return img
	}
	b := img.Bounds()
	out := image.NewNRGBA(image.Rect(0, 0, width, height))
	for y := range height {
		for x := range width {
			// Twice the distance from the middle, so that it is whole; the matrix keeps middles.
			dx, dy := 2*x-width+1, 2*y-height+1
			sx, sy := dx*m[0]+dy*m[2], dx*m[1]+dy*m[3]
			out.Set(x, y, img.At(b.Min.X+(sx+b.Dx()-1)/2, b.Min.Y+(sy+b.Dy()-1)/2))
		}
	}
	return out
}

// apace reports whether the sounds of two films begin as long after the picture. ffmpeg shifts
// Opus in Matroska by its 7 ms of preparation each time it copies it.
func apace(film stream, sounds []stream, made stream, copies []stream) bool {
	slack := big.NewRat(10, 1000)
	for i := range sounds {
		var at [4]*big.Rat
		for j, s := range []stream{film, sounds[i], made, copies[i]} {
			var ok bool
			if at[j], ok = new(big.Rat).SetString(s.Start); !ok {
				return false
			}
		}
		was, is := new(big.Rat).Sub(at[0], at[1]), new(big.Rat).Sub(at[2], at[3])
		if is.Sub(is, was).Abs(is).Cmp(slack) > 0 {
			return false
		}
	}
	return true
}

// checkFilm reads back what was made: the same size and turn, the same times, the same sound.
func (f *job) checkFilm(ctx context.Context, p probed, s stream, times []span) error {
	q, err := f.probe(ctx, f.made())
	if err != nil {
		return err
	}
	made, ok, err := q.film()
	if err != nil || !ok {
		return unlike("the film is gone")
	}
	was, _ := s.turned() // it was asked before
	is, err := made.turned()
	if err != nil || was != is || made.Width != s.Width || made.Height != s.Height || made.Codec != s.Codec || made.Pixels != s.Pixels {
		return unlike("the picture has another form")
	}
	if len(q.of("audio")) != len(p.of("audio")) || len(q.of("subtitle")) != len(p.of("subtitle")) {
		return unlike("streams were lost")
	}
	if err := f.sameTimes(ctx, s, times, made); err != nil {
		return err
	}
	if !apace(s, p.of("audio"), made, q.of("audio")) {
		return unlike("the sound begins at another time")
	}
	return f.sameSounds(ctx, p)
}
