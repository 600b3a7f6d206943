package text

// styled gives the plain form of digits and letters drawn in styles that Unicode does not
// decompose, or decomposes to more than the digit or letter; 0 for anything else.
func styled(r rune) rune {
	switch {
	case r == 0x24FF: // ⓿
		return '0'
	case r >= 0x2474 && r <= 0x247C: // ⑴
		return '1' + r - 0x2474
	case r >= 0x2488 && r <= 0x2490: // ⒈
		return '1' + r - 0x2488
	case r >= 0x249C && r <= 0x24B5: // ⒜
		return 'a' + r - 0x249C
	case r >= 0x1F110 && r <= 0x1F129: // 🄐
		return 'a' + r - 0x1F110
	case r >= 0x24F5 && r <= 0x24FD: // ⓵
		return '1' + r - 0x24F5
	case r >= 0x2776 && r <= 0x277E: // ❶
		return '1' + r - 0x2776
	case r >= 0x2780 && r <= 0x2788: // ➀
		return '1' + r - 0x2780
	case r >= 0x278A && r <= 0x2792: // ➊
		return '1' + r - 0x278A
	case r == 0x1F10B || r == 0x1F10C: // 🄋 🄌
		return '0'
	case r >= 0x1F150 && r <= 0x1F169: // 🅐
		return 'a' + r - 0x1F150
	case r >= 0x1F170 && r <= 0x1F189: // 🅰
		return 'a' + r - 0x1F170
	case r >= 0x1F1E6 && r <= 0x1F1FF: // 🇦
		return 'a' + r - 0x1F1E6
	}
	return 0
}

// smallCapital gives the letter of a small capital, 0 for anything else.
func smallCapital(r rune) rune {
	if r < 0x262 || r > 0xA7AF {
		return 0
	}
	const from, to = "ᴀʙᴄᴅᴇꜰɢʜɪᴊᴋʟᴍɴᴏᴘꞯʀꜱᴛᴜᴠᴡʏᴢ", "abcdefghijklmnopqrstuvwyz"
	i := 0
	for _, f := range from {
		if f == r {
			return rune(to[i])
		}
		i++
	}
	return 0
}

// numeral gives the digit of a Chinese numeral, everyday or banker's, simplified; 0 for
// anything else. Dashes are not the numeral one, and ten and above are words.
func numeral(r rune) rune {
	if r < 0x3007 || r > 0x9646 {
		return 0
	}
	const everyday, bankers = "〇一二三四五六七八九", "零壹贰叁肆伍陆柒捌玖"
	for _, row := range [...]string{everyday, bankers} {
		d := '0'
		for _, n := range row {
			if n == r {
				return d
			}
			d++
		}
	}
	return 0
}
