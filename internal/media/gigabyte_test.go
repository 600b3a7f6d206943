package media

import (
	"crypto/sha256"
	"io"
	"os"
	"path/filepath"
	"regexp"
	"runtime"
	"strconv"
	"testing"
	"time"
)

// onDisk is a file as a Source.
type onDisk struct {
	*os.File
	size int64
}

func (f onDisk) Size() int64 { return f.size }

func open(b *testing.B, path string) onDisk {
	b.Helper()
	f, err := os.Open(path)
	if err != nil {
		b.Fatal(err)
	}
	b.Cleanup(func() { _ = f.Close() })
	s, err := f.Stat()
	if err != nil {
		b.Fatal(err)
	}
	return onDisk{f, s.Size()}
}

func create(b *testing.B, path string) *os.File {
	b.Helper()
	f, err := os.Create(path)
	if err != nil {
		b.Fatal(err)
	}
	b.Cleanup(func() { _ = f.Close() })
	return f
}

// gigabyte writes an MP4 of a gibibyte: its index first, with the places of 200,000 chunks,
// then what stands for the film.
func gigabyte(b *testing.B, path string) {
	b.Helper()
	const chunks, size = 200_000, 1 << 30
	head := newBox("ftyp", []byte("isom"), be32(512), []byte("isommp41"))
	index := func(at int) []byte {
		var places []byte
		for i := range chunks {
			places = append(places, be32(at+i*(size/chunks))...)
		}
		return newBox("moov", newBox("mvhd", make([]byte, 100)), newBox("trak", newBox("mdia", newBox("minf", newBox("stbl", newBox("stco", be32(0), be32(chunks), places))))))
	}
	f := create(b, path)
	if _, err := f.Write(cat(head, index(len(head)+len(index(0))+8), be32(8+size), []byte("mdat"))); err != nil {
		b.Fatal(err)
	}
	block := make([]byte, 1<<20)
	for i := range block {
		block[i] = byte(i * i >> 5)
	}
	for range size / len(block) {
		if _, err := f.Write(block); err != nil {
			b.Fatal(err)
		}
	}
}

// BenchmarkGigabyte labels an MP4 of a gibibyte from file to file and reads it back, beside
// copying the same file and taking its SHA-256. It tells seconds of both, their ratio, what
// labelling allocated in all, and the most memory the process ever had.
func BenchmarkGigabyte(b *testing.B) {
	dir := b.TempDir()
	path := filepath.Join(dir, "film.mp4")
	gigabyte(b, path)
	var label, other time.Duration
	var allocated uint64
	for b.Loop() {
		var before, after runtime.MemStats
		runtime.ReadMemStats(&before)
		start := time.Now()
		labelOnDisk(b, path, filepath.Join(dir, "labelled.mp4"))
		label += time.Since(start)
		runtime.ReadMemStats(&after)
		allocated = after.TotalAlloc - before.TotalAlloc
		start = time.Now()
		copyOnDisk(b, path, filepath.Join(dir, "copy.mp4"))
		other += time.Since(start)
	}
	b.ReportMetric(label.Seconds()/float64(b.N), "label-s")
	b.ReportMetric(other.Seconds()/float64(b.N), "copy+sha256-s")
	b.ReportMetric(label.Seconds()/other.Seconds(), "ratio")
	b.ReportMetric(float64(allocated)/(1<<20), "label-MB")
	if status, err := os.ReadFile("/proc/self/status"); err == nil {
		if m := regexp.MustCompile(`VmHWM:\s+(\d+)`).FindSubmatch(status); m != nil {
			kb, _ := strconv.Atoi(string(m[1]))
			b.ReportMetric(float64(kb)/1024, "peak-MB")
		}
	}
}

func labelOnDisk(b *testing.B, from, to string) {
	b.Helper()
	e, err := Plan(open(b, from), strictMark())
	if err != nil {
		b.Fatal(err)
	}
	out := create(b, to)
	if _, err := e.WriteTo(out); err != nil {
		b.Fatal(err)
	}
	if err := out.Close(); err != nil {
		b.Fatal(err)
	}
	_, found, err := Marks(open(b, to))
	if err != nil || len(found) != 1 || !found[0].Strict() {
		b.Fatalf("read back %+v, %v", found, err)
	}
}

func copyOnDisk(b *testing.B, from, to string) {
	b.Helper()
	src, out := open(b, from), create(b, to)
	if _, err := io.Copy(out, src.File); err != nil {
		b.Fatal(err)
	}
	if err := out.Close(); err != nil {
		b.Fatal(err)
	}
	if _, err := src.Seek(0, io.SeekStart); err != nil {
		b.Fatal(err)
	}
	if _, err := io.Copy(sha256.New(), src.File); err != nil {
		b.Fatal(err)
	}
}
