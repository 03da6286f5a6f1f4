package sparrow.server.audio;

import java.nio.file.Path;
import java.util.Locale;
import java.util.concurrent.ThreadLocalRandom;
import sparrow.speech.wave.WavFile;
import sparrow.speech.wave.Waveform;

/** The formats of Chat Completions, of questions as of answers. */
public enum ChatFormat implements AudioFormat {
    /** A WAV file of 16 bits at the model's own rate; as a question, any that {@link WavFile} reads. */
    WAV("wav") {
        @Override
        public AudioEncoder encoder(int rateHz) {
            return new WavEncoder(rateHz);
        }

        @Override
        Waveform read(byte[] bytes, int mostSeconds) {
            return WavFile.read(bytes, Path.of("wav"), mostSeconds);
        }
    },

    /** 16-bit little-endian PCM at 24 kHz without a header. */
    PCM16("pcm16") {
        @Override
        public AudioEncoder encoder(int rateHz) {
            return RealtimeFormat.PCM.encoder(rateHz);
        }

        @Override
        Waveform read(byte[] bytes, int mostSeconds) {
            double seconds = RealtimeFormat.PCM.seconds(bytes.length);
            if (seconds > mostSeconds) {
                throw new IllegalArgumentException(String.format(
                        Locale.ROOT, "pcm16: expected at most %d s of sound, found %.1f s", mostSeconds, seconds));
            }
            return new Waveform(Pcm16.decode(bytes), RealtimeFormat.PCM.rateHz());
        }
    },

    /** Opus in Ogg. */
    OPUS("opus") {
        @Override
        public AudioEncoder encoder(int rateHz) {
            int serial = ThreadLocalRandom.current().nextInt();
            return new ResamplingEncoder(rateHz, OggOpusWriter.RATE_HZ, new OggOpusWriter(serial));
        }

        @Override
        Waveform read(byte[] bytes, int mostSeconds) {
            return OggOpusReader.read(bytes, mostSeconds);
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

    /** True if its encoder hands out bytes before the end. A WAV file's header says its length. */
    public boolean streams() {
        return this != WAV;
    }

    /**
     * The sound of a question: of a WAV file its first channel at its own rate, else at 24 kHz.
     *
     * @throws IllegalArgumentException if the bytes are not of this format, hold no sound, or more of it than allowed, which is known
     *     before samples are made
     */
    public Waveform decode(byte[] bytes, int mostSeconds) {
        Waveform sound = read(bytes, mostSeconds);
        if (sound.samples().length == 0) {
            throw new IllegalArgumentException(wireName + ": expected sound, found none");
        }
        return sound;
    }

    abstract Waveform read(byte[] bytes, int mostSeconds);
}
