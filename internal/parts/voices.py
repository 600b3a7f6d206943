# The voices of a sound: what worker.py does with request v. It follows worker.py in one script.

VOICE_RATE = 16000  # samples a second, of 16 bits
VOICE_FRAME, VOICE_STEP = 400, 160  # samples of a mel frame and between two, as the encoder was trained
VOICE_MELS = 40
VOICE_WINDOW, VOICE_HOP = 160, 80  # mel frames of one vector and between two
VOICE_STRETCH = 1200  # mel frames whose vectors are averaged: 12 s
VOICE_LEAST = 400  # mel frames a stretch needs: 4 s
VOICE_STRETCHES = 16  # of one sound, spread evenly: at most 224 windows
VOICE_PIECE = 480  # samples judged loud or not
VOICE_SHARE = 0.05  # of the loud pieces' amplitude: what is below it, for long, is a pause
VOICE_FLOOR = 32.0  # amplitude below which nothing is heard: -60 dBFS
VOICE_PAUSE = 6  # pieces a pause keeps at either end
VOICE_LOUD = 10 ** (-30 / 20)  # amplitude a quieter sound is raised to, as the encoder was trained


def mel_filters():
    """Slaney's triangles over the frequencies of a frame's spectrum, each of the same area."""
    breaks, step = 1000.0, 200 / 3  # linear below 1 kHz, logarithmic above

    def hertz(mel):
        return np.where(mel < breaks / step, mel * step, breaks * np.exp((mel - breaks / step) * np.log(6.4) / 27))

    top = breaks / step + np.log(VOICE_RATE / 2 / breaks) * 27 / np.log(6.4)
    edges = hertz(np.linspace(0, top, VOICE_MELS + 2))
    bins = np.fft.rfftfreq(VOICE_FRAME, 1 / VOICE_RATE)
    up = (bins - edges[:-2, None]) / np.diff(edges)[:-1, None]
    down = (edges[2:, None] - bins) / np.diff(edges)[1:, None]
    return np.maximum(0, np.minimum(up, down)) * (2 / (edges[2:] - edges[:-2]))[:, None]


def mels(wave):
    """The wave's mel frames: power, not its logarithm, each in the middle of its samples."""
    wave = np.pad(wave, VOICE_FRAME // 2)
    frames = np.lib.stride_tricks.sliding_window_view(wave, VOICE_FRAME)[::VOICE_STEP]
    hann = 0.5 - 0.5 * np.cos(2 * np.pi * np.arange(VOICE_FRAME) / VOICE_FRAME)
    return ((np.abs(np.fft.rfft(frames * hann)) ** 2) @ mel_filters().T).astype(np.float32)


def heard(samples):
    """The numbers of the pieces in which something is heard."""
    pieces = samples[: len(samples) // VOICE_PIECE * VOICE_PIECE].reshape(-1, VOICE_PIECE)
    if not len(pieces):
        return np.zeros(0, np.int64)
    loud = np.sqrt(np.einsum("ij,ij->i", pieces, pieces, dtype=np.float32) / VOICE_PIECE)
    loud = loud >= max(VOICE_FLOOR, VOICE_SHARE * np.percentile(loud, 95))
    near = np.convolve(loud, np.ones(2 * VOICE_PAUSE + 1), "same")[: len(loud)] if len(loud) > 2 * VOICE_PAUSE else loud
    return np.flatnonzero(near > 0.5)


def voices(pcm):
    """A vector for each stretch of a sound, with the second at which the stretch begins."""
    samples = np.frombuffer(pcm[: len(pcm) // 2 * 2], "<i2").astype(np.float32)
    kept = heard(samples)
    per = VOICE_PIECE // VOICE_STEP  # mel frames of a piece
    long, least = VOICE_STRETCH // per, VOICE_LEAST // per
    n = len(kept) // long + (len(kept) % long >= least)
    out = []
    for i in sorted({int(k) for k in np.linspace(0, n - 1, min(n, VOICE_STRETCHES)).round()}) if n else []:
        here = kept[i * long : (i + 1) * long]
        wave = samples[: len(samples) // VOICE_PIECE * VOICE_PIECE].reshape(-1, VOICE_PIECE)[here].ravel() / 32768
        wave *= max(1, VOICE_LOUD / np.sqrt(np.mean(wave * wave)))
        frames = mels(wave)
        windows = np.stack([frames[at : at + VOICE_WINDOW] for at in range(0, len(frames) - VOICE_WINDOW + 1, VOICE_HOP)])
        mean = encoder().run(None, {"x": windows})[0].mean(0, dtype=np.float64)
        length = np.linalg.norm(mean)
        if np.isfinite(length) and length > 0:
            out.append({"second": float(here[0]) * VOICE_PIECE / VOICE_RATE, "vector": [round(float(v), 6) for v in mean / length]})
    return {"voices": out}


@functools.cache
def encoder():
    """The voice encoder, loaded when it is first asked: who compares nobody has no use for it."""
    return session("voice.onnx")
