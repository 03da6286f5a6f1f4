package sparrow.server.audio;

import java.nio.file.Path;
import java.util.Locale;
import java.util.concurrent.ThreadLocalRandom;
import sparrow.speech.wave.SampleFormat;
import sparrow.speech.wave.WavFile;
import sparrow.speech.wave.Waveform;

/** The formats of Chat Completions, of questions as of answers. */
public enum ChatFormat implements AudioFormat {
    /** A WAV file of 16 bits at the model's own rate; as a question, any that {@link WavFile} reads. */
    WAV("wav") {
        /** The header says the length, so that all comes at the end. */
        @Override
        public AudioEncoder encoder(int rateHz) {
            SoundBuffer all = new SoundBuffer(rateHz, 0);
            return new AudioEncoder(
                    rateHz,
                    rateHz,
                    samples -> {
                        all.append(samples);
                        return new byte[0];
                    },
                    () -> WavFile.bytes(all.sound().waveform(), SampleFormat.PCM16));
        }

        @Override
        EncodedAudio read(byte[] bytes, int mostSeconds) {
            Path name = Path.of("wav");
            WavFile.Length length = WavFile.length(bytes, name, mostSeconds);
            return new EncodedAudio(
                    this,
                    bytes,
                    Math.toIntExact(length.samples()),
                    length.rateHz(),
                    () -> WavFile.read(bytes, name, mostSeconds));
        }
    },

    /** 16-bit little-endian PCM at 24 kHz without a header. */
    PCM16("pcm16") {
        @Override
        public AudioEncoder encoder(int rateHz) {
            return RealtimeFormat.PCM.encoder(rateHz);
        }

        @Override
        EncodedAudio read(byte[] bytes, int mostSeconds) {
            double seconds = RealtimeFormat.PCM.seconds(bytes.length);
            if (seconds > mostSeconds) {
                throw new IllegalArgumentException(String.format(
                        Locale.ROOT, "pcm16: expected at most %d s of sound, found %.1f s", mostSeconds, seconds));
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
        EncodedAudio read(byte[] bytes, int mostSeconds) {
            OggOpusReader file = new OggOpusReader(bytes, mostSeconds);
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

    /** True if its encoder hands out bytes before the end. */
    public boolean streams() {
        return this != WAV;
    }

    /**
     * The sound of a question: of a WAV file its first channel at its own rate, else at 24 kHz.
     *
     * @throws IllegalArgumentException if the bytes are not of this format, hold no sound, or more of it than allowed
     */
    public EncodedAudio open(byte[] bytes, int mostSeconds) {
        EncodedAudio sound = read(bytes, mostSeconds);
        if (sound.samples() > 0) return sound;
        throw new IllegalArgumentException(wireName + ": expected sound, found none");
    }

    abstract EncodedAudio read(byte[] bytes, int mostSeconds);
}
