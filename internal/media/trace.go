package media

import (
	"bytes"
	"encoding/binary"
	"regexp"
	"unicode/utf16"

	"loam"
)

// KindTrace is what a generator left in a file without meaning it as a mark: its settings
// or its name as the program that wrote the file. It makes a file suspected, no more
// (Labelling Measures Art. 6 (3)).
const KindTrace = "trace"

// settings are what generators write of how a picture was made, by their own formats:
// Stable Diffusion's web interface and those after it, ComfyUI's graph, InvokeAI,
// NovelAI, Midjourney's job in the description.
var settings = []struct {
	program string
	re      *regexp.Regexp
}{
	{"Stable Diffusion", regexp.MustCompile(`(?s)\bSteps: \d+, Sampler: `)},
	{"ComfyUI", regexp.MustCompile(`"class_type"\s*:\s*"[A-Za-z]*KSampler`)},
	{"InvokeAI", regexp.MustCompile(`"app_version"\s*:\s*"invokeai|"generation_mode"\s*:\s*"(?:txt2img|img2img|inpaint|sdxl_|flux_)`)},
	{"NovelAI", regexp.MustCompile(`"request_type"\s*:\s*"PromptGenerateRequest"`)},
	{"Midjourney", regexp.MustCompile(`(?s)--v \d.*Job ID: [0-9a-f-]{36}|Job ID: [0-9a-f]{8}-[0-9a-f]{4}-`)},
}

// generators are the names by which generators call themselves where the writing program
// stands (EXIF Software, XMP CreatorTool, PNG Software).
var generators = regexp.MustCompile(`(?i)\b(stable diffusion|comfyui|invokeai|novelai|midjourney|dall[-·]?e|adobe firefly|fooocus|draw things|jimeng|dreamina|doubao|tongyi|wanx|kling|leonardo\.ai|ideogram|imagen|gpt-image)\b|即梦|豆包|通义万相|可灵|文心一格`)

// tagSoftware is the program that wrote the file (EXIF 2.32).
const tagSoftware = 0x0131

// maxTraceText bounds how much of one text is searched.
const maxTraceText = 256 << 10

func jpegTraces(parts []jpegPart) []Found {
	var out []Found
	for i := range parts {
		p := &parts[i]
		switch {
		case p.app1(xmpHeader):
			out = append(out, toolTrace(p.data[len(xmpHeader):], "jpeg.xmp")...)
		case p.app1(exifHeader):
			out = append(out, exifTraces(p.data[len(exifHeader):], "jpeg.exif")...)
		case p.marker == mCOM:
			out = append(out, textTrace(string(p.data), "jpeg.comment", false)...)
		}
	}
	return out
}

// exifTraces looks at as many texts as are searched of one; a camera writes three.
func exifTraces(b []byte, place string) []Found {
	if exifOrder(b) == nil {
		return nil
	}
	var out []Found
	left := maxTraceText
	for f := range exifFields(b) {
		if f.tag != tagUserComment && f.tag != tagDescription && f.tag != tagSoftware {
			continue
		}
		text := string(f.value[:min(len(f.value), left)])
		if f.tag == tagUserComment {
			text = comment(f.value[:min(len(f.value), left)])
		}
		out = append(out, textTrace(text, place, f.tag == tagSoftware)...)
		if left -= min(len(f.value), left); left == 0 {
			break
		}
	}
	return out
}

// comment is a UserComment's text behind its character code; UNICODE is UTF-16 in either
// order (EXIF 2.32, 4.6.5).
func comment(b []byte) string {
	if len(b) < 8 || string(b[:8]) != "UNICODE\x00" {
		return string(b[min(8, len(b)):])
	}
	b = b[8:min(len(b), 8+maxTraceText)]
	units := make([]uint16, len(b)/2)
	big := len(b) > 1 && b[0] == 0
	for i := range units {
		if big {
			units[i] = binary.BigEndian.Uint16(b[2*i:])
		} else {
			units[i] = binary.LittleEndian.Uint16(b[2*i:])
		}
	}
	return string(utf16.Decode(units))
}

// toolTrace looks at the program an XMP packet names.
func toolTrace(b []byte, place string) []Found {
	i := bytes.Index(b, []byte("CreatorTool"))
	if i < 0 {
		return nil
	}
	return textTrace(string(b[i:min(len(b), i+200)]), place, true)
}

// textTrace judges one text: a generator's settings, or its name where the writing program
// stands. It gives at most one trace, named after the program.
func textTrace(text, place string, program bool) []Found {
	text = text[:min(len(text), maxTraceText)]
	name := ""
	for _, s := range settings {
		if s.re.MatchString(text) {
			name = s.program
			break
		}
	}
	if name == "" && program {
		name = generators.FindString(text)
	}
	if name == "" {
		return nil
	}
	return []Found{{Kind: KindTrace, State: loam.SuspectedAI, Place: place, Raw: name, Defects: []Defect{}}}
}
