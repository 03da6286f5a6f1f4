package sparrow.server.audio;

import java.nio.file.Path;
import java.util.Locale;
import java.util.concurrent.ThreadLocalRandom;
import sparrow.speech.wave.WavFile;
import sparrow.speech.wave.Waveform;

/** The audio formats of questions and replies in Chat Completions. */
public enum ChatFormat implements AudioFormat {
    /**
     * A WAV file. Replies contain 16-bit samples at the model's rate; questions may contain any WAV file that
     * {@link WavFile} reads.
     */
    WAV("wav") {
        /** Creates an encoder of the bytes after the header. */
        @Override
        public AudioEncoder encoder(int rateHz) {
            return new AudioEncoder(rateHz, rateHz, Pcm16::encode, () -> new byte[0]);
        }

        @Override
        public byte[] header(int rateHz, long bytes) {
            return WavFile.header(rateHz, bytes / Pcm16.BYTES);
        }

        @Override
        EncodedAudio read(byte[] bytes, int maxSeconds) {
            Path name = Path.of("wav");
            WavFile.Length length = WavFile.length(bytes, name, maxSeconds);
            return new EncodedAudio(
                    this,
                    bytes,
                    Math.toIntExact(length.samples()),
                    length.rateHz(),
                    () -> WavFile.read(bytes, name, maxSeconds));
        }
    },

    /** 16-bit little-endian PCM at 24 kHz without a header. */
    PCM16("pcm16") {
        @Override
        public AudioEncoder encoder(int rateHz) {
            return RealtimeFormat.PCM.encoder(rateHz);
        }

        @Override
        EncodedAudio read(byte[] bytes, int maxSeconds) {
            double seconds = RealtimeFormat.PCM.seconds(bytes.length);
            if (seconds > maxSeconds) {
                throw new IllegalArgumentException(String.format(
                        Locale.ROOT, "pcm16: expected at most %d s of audio, found %.1f s", maxSeconds, seconds));
            }
            int rateHz = RealtimeFormat.PCM.rateHz();
            return new EncodedAudio(
                    this, bytes, bytes.length / Pcm16.BYTES, rateHz, () -> new Waveform(Pcm16.decode(bytes), rateHz));
        }
    },

    /** Opus in Ogg. */
    OPUS("opus") {
        @Override
        public AudioEncoder encoder(int rateHz) {
            OggOpusWriter file = new OggOpusWriter(ThreadLocalRandom.current().nextInt());
            return new AudioEncoder(rateHz, OggOpusWriter.RATE_HZ, file::accept, file::finish);
        }

        @Override
        EncodedAudio read(byte[] bytes, int maxSeconds) {
            OggOpusReader file = new OggOpusReader(bytes, maxSeconds);
            return new EncodedAudio(this, bytes, file.samples(), OggOpusReader.RATE_HZ, file::decode);
        }
    };

    private final String wireName;

    ChatFormat(String wireName) {
        this.wireName = wireName;
    }

    @Override
    public String wireName() {
        return wireName;
    }

    /**
     * Returns the bytes that precede a complete reply's encoded bytes, or an empty array.
     *
     * @param rateHz the sample rate of the encoder's input
     * @param bytes the number of bytes that the encoder has returned
     */
    public byte[] header(int rateHz, long bytes) {
        return new byte[0];
    }

    /** Returns whether a reply can be sent before its end, because it has no header that contains its length. */
    public boolean streams() {
        return this != WAV;
    }

    /**
     * Opens a question's audio. The first channel of a WAV file is read at the rate given in the file; the other
     * formats have a rate of 24 kHz.
     *
     * @throws IllegalArgumentException if the bytes are not in this format, contain no audio, or contain more audio
     *     than allowed
     */
    public EncodedAudio open(byte[] bytes, int maxSeconds) {
        EncodedAudio sound = read(bytes, maxSeconds);
        if (sound.samples() > 0) return sound;
        throw new IllegalArgumentException(wireName + ": expected audio, found none");
    }

    abstract EncodedAudio read(byte[] bytes, int maxSeconds);
}
