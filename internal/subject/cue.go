package subject

import (
	"slices"
	"strings"
	"unicode"

	"loam"
	"loam/internal/text"
)

// cues are the words by which people say that a machine made somebody's voice, face or manner.
func cues() []string {
	out := []string{
		"声音克隆", "克隆声音", "克隆了声音", "语音克隆", "音色克隆", "克隆音色", "人声克隆", "声线克隆", "克隆声线", "克隆嗓音", "声音模型", "音色模型",
		"合成的声音", "语音合成", "换脸", "脸替换", "一键换声", "变声模型", "仿声", "深度伪造", "深伪", "数字人", "虚拟分身", "数字分身", "文生图", "图生图", "文生视频",
		"deepfake", "deep fake", "face swap", "faceswap", "voice clone", "voice cloning", "cloned voice", "voice model", "so-vits", "sovits", "so-vits-svc", "RVC", "LoRA",
		"stable diffusion", "midjourney", "text to image", "generated with AI", "made with AI", "AI generated", "AI-generated", "AI cover", "AI covers", "AI song",
		"AI voice", "AI vocals", "AI singer", "AI version",
	}
	for _, machine := range []string{"AI", "A1", "人工智能", "机器人"} {
		for _, made := range []string{
			"翻唱", "番唱", "fanchang", "huanlian", "演唱", "唱的", "唱", "歌手", "声音", "人声", "音色", "声线", "配音", "换声", "换脸", "变脸", "合成", "生成", "复刻", "复活", "克隆", "模仿", "扮演", "仿写", "代写",
			"绘画", "绘图", "画的", "作画", "做图", "出图", "写真", "照片", "视频", "版本", "版", "二创", "分身", "替身",
		} {
			out = append(out, machine+made)
		}
	}
	return out
}

// Field is one text of what somebody publishes. Head says that it speaks for the whole: a title or
// a tag.
type Field struct {
	Name, Text string
	Head       bool
}

// nearBytes is how far, in a text, a cue may stand from a name: some forty Han characters.
const nearBytes = 120

// Made gives where the texts of one note name somebody and say that a machine made it, each entry
// once for a field. A cue in a title or tag is about every name of the note, and so is every cue
// of a note about a name in its title or tags; elsewhere they must stand near each other.
func (m *Matcher) Made(fields []Field) []Place {
	if len(m.entries) == 0 {
		return nil
	}
	said := m.said(fields)
	var out []Place
	for i, f := range fields {
		seen := map[int]bool{}
		for _, n := range m.named(f.Text) {
			if seen[n.entry] {
				continue
			}
			if words, ok := beside(f.Text, n); ok {
				seen[n.entry] = true
				out = append(out, Place{m.entries[n.entry], f.Name, n.start, n.end, words})
				continue
			}
			if at := slices.IndexFunc(said, func(c cue) bool { return c.about(i, f.Head, n) }); at >= 0 {
				seen[n.entry] = true
				c := said[at]
				out = append(out, Place{m.entries[n.entry], f.Name, n.start, n.end, fields[c.field].Text[c.at.start:c.at.end]})
			}
		}
	}
	return out
}

// said are the cues of a note.
func (m *Matcher) said(fields []Field) (out []cue) {
	for i, f := range fields {
		for _, c := range m.cues.find(f.Text) {
			if lettersEnd(f.Text, c.start, c.end) {
				out = append(out, cue{i, f.Head, c})
			}
		}
	}
	return out
}

// Says gives the first words of a note that say a machine made something of it, "" for none.
func (m *Matcher) Says(fields []Field) string {
	said := m.said(fields)
	if len(said) == 0 {
		return ""
	}
	return fields[said[0].field].Text[said[0].at.start:said[0].at.end]
}

// cue is a cue in a field.
type cue struct {
	field int
	head  bool
	at    span
}

func (c cue) about(field int, head bool, n name) bool {
	if c.at.start < n.end && n.start < c.at.end && c.field == field {
		return false // a part of the name itself
	}
	return c.head || head || c.field == field && c.at.start-n.end <= nearBytes && n.start-c.at.end <= nearBytes
}

// beside reports words right at a name that say it: AI林晚, 林晚（AI）, 用林晚的声音.
func beside(s string, n name) (string, bool) {
	before, after := around(s, n.start, n.end)
	machine := strings.HasSuffix(before, "ai") && !latin(lastRune(strings.TrimSuffix(before, "ai")))
	if machine || strings.HasPrefix(after, "ai") && strings.ContainsRune("（([【《", firstRune(strings.TrimSpace(s[n.end:]))) {
		return "AI", true
	}
	taken := func(w string) bool { return strings.HasSuffix(before, w) }
	if !slices.ContainsFunc([]string{"用", "拿", "借", "套", "套用", "偷", "借用"}, taken) {
		return "", false
	}
	for _, w := range []string{"的声音", "的嗓音", "的音色", "的声线", "的嗓子", "的脸", "的形象", "声线", "音色"} {
		if strings.HasPrefix(after, w) {
			return w, true
		}
	}
	return "", false
}

// aroundBytes is how much of a text is read on either side of a name.
const aroundBytes = 60

// around gives the words of the same sentence before and after a place, folded, without space and
// marks, so that what is split or written wide reads as it is.
func around(s string, start, end int) (before, after string) {
	from, to := max(0, start-aroundBytes), min(len(s), end+aroundBytes)
	for from < start && s[from]&0xC0 == 0x80 {
		from++
	}
	for to > end && to < len(s) && s[to]&0xC0 == 0x80 {
		to--
	}
	before, after = s[from:start], s[end:to]
	const ends = "。！？!?\n；;"
	if i := strings.LastIndexAny(before, ends); i >= 0 {
		before = before[i:]
	}
	if i := strings.IndexAny(after, ends); i >= 0 {
		after = after[:i]
	}
	return bare(before), bare(after)
}

// bare is a text folded, of letters and digits alone.
func bare(s string) string {
	return strings.Map(func(r rune) rune {
		if unicode.IsLetter(r) || unicode.IsDigit(r) {
			return r
		}
		return -1
	}, text.Fold(s).String())
}

// Asked gives whose manner, voice or likeness a prompt asks a model for, each entry once.
func (m *Matcher) Asked(prompt string) []Place {
	var out []Place
	seen := map[int]bool{}
	for _, n := range m.named(prompt) {
		before, after := around(prompt, n.start, n.end)
		if w, ok := asks(m.entries[n.entry].Kind, before, after); ok && !seen[n.entry] {
			seen[n.entry] = true
			out = append(out, Place{Of: m.entries[n.entry], Start: n.start, End: n.end, Cue: w})
		}
	}
	return out
}

// What a prompt asks with: by itself before a name, before a name with a manner after it, the
// manners, and what is to be done in that manner.
var (
	imitate = folded("模仿", "仿照", "仿写", "照着", "扮演", "假扮", "假装是", "冒充", "代入", "复刻", "克隆", "扮成", "inthestyleof", "imitate", "imitating", "mimic", "soundlike", "writelike", "singlike", "pretendtobe", "voiceof", "actas")
	picture = folded("画", "画一个", "画一张", "画个", "画张", "画一幅", "生成", "做一张", "出一张", "drawa", "draw", "pictureof", "imageof", "paint", "portraitof")
	take    = folded("用", "以", "按", "按照", "学", "学着", "学习", "像", "要像", "借", "套", "拿", "参考", "参照", "like", "as", "with", "use", "using")
	manner  = folded("的风格", "风格", "的口吻", "口吻", "的文风", "文风", "的语气", "语气", "的笔触", "笔触", "的笔法", "笔法", "的画风", "画风", "的腔调", "腔调", "的语调", "的写法", "写法", "的唱法", "的手法", "那样", "一样", "那种", "似的", "sstyle", "style", "svoice", "voice", "does", "would")
	own     = folded("的声音", "声音", "的嗓音", "的音色", "的声线", "的脸", "的形象", "的样子")
	deed    = folded("写", "画", "唱", "说", "念", "读", "讲", "演", "配", "做", "改", "来一", "生成", "录", "write", "sing", "draw", "speak", "say", "read", "rewrite")
)

// asks reports whether the words around a name ask for it.
func asks(kind loam.ProtectionKind, before, after string) (string, bool) {
	tail, head := lastRunes(before, 8), firstRunes(after, 16)
	for _, w := range imitate {
		if strings.Contains(lastRunes(before, 16), w) && w[0] < 0x80 || strings.Contains(tail, w) {
			return w, true
		}
	}
	if strings.HasSuffix(before, "仿") {
		return "仿", true
	}
	shown := kind == loam.ProtectLikeness || kind == loam.ProtectCharacter || kind == loam.ProtectBrand
	if w, ok := ending(before, picture); ok && shown {
		return w, true
	}
	if w, ok := beginning(after, own); ok {
		if _, taken := ending(before, take); taken {
			return w, true
		}
	}
	w, ok := beginning(after, manner)
	if !ok {
		return "", false
	}
	rest := strings.TrimPrefix(head, w)
	if slices.Contains(vague, w) {
		rest = firstRunes(rest, 2)
	}
	does := slices.ContainsFunc(deed, func(d string) bool { return strings.Contains(rest, d) })
	said := slices.ContainsFunc(deed, func(d string) bool { return strings.HasSuffix(strings.TrimRight(tail, "得成的用像"), d) })
	_, taken := ending(before, take)
	return w, taken && !slices.Contains(vague, w) || does || taken && said
}

// folded are words as around gives them.
func folded(list ...string) []string {
	for i, w := range list {
		list[i] = bare(w)
	}
	return list
}

// vague are manners that ask for nothing until something is done so: 像她一样勇敢.
var vague = folded("那样", "一样", "那种", "似的", "does", "would")

func ending(s string, list []string) (string, bool) {
	for _, w := range list {
		if strings.HasSuffix(s, w) {
			return w, true
		}
	}
	return "", false
}

func beginning(s string, list []string) (string, bool) {
	for _, w := range list {
		if strings.HasPrefix(s, w) {
			return w, true
		}
	}
	return "", false
}

func lastRunes(s string, n int) string {
	r := []rune(s)
	return string(r[max(0, len(r)-n):])
}

func firstRunes(s string, n int) string {
	r := []rune(s)
	return string(r[:min(n, len(r))])
}
