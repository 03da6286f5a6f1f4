package sparrow.server.chat;

import java.util.ArrayList;
import java.util.List;
import sparrow.server.audio.Pcm16;
import sparrow.speech.wave.SampleFormat;
import sparrow.speech.wave.StreamingResampler;
import sparrow.speech.wave.WavFile;
import sparrow.speech.wave.Waveform;

/** Samples of a reply become bytes of a format, piece by piece; the pieces one after the other are the whole. */
interface Sound {
    /** Of all formats that are streamed. */
    int WIRE_RATE_HZ = 24_000;

    /** The bytes that are final with these samples. */
    byte[] accept(float[] samples);

    /** The last bytes. */
    byte[] finish();

    /** @param sampleRateHz of the model */
    static Sound of(AudioFormat format, int sampleRateHz) {
        return switch (format) {
            case WAV -> new Wav(sampleRateHz);
            case PCM16 -> new Pcm(sampleRateHz);
            case OPUS -> throw new UnsupportedOperationException(format.toString());
        };
    }

    /** A file whose header tells its length, which is known at the end. */
    final class Wav implements Sound {
        private final int sampleRateHz;
        private final List<float[]> pieces = new ArrayList<>();
        private int count;

        Wav(int sampleRateHz) {
            this.sampleRateHz = sampleRateHz;
        }

        @Override
        public byte[] accept(float[] samples) {
            pieces.add(samples);
            count += samples.length;
            return new byte[0];
        }

        @Override
        public byte[] finish() {
            float[] all = new float[count];
            int at = 0;
            for (float[] piece : pieces) {
                System.arraycopy(piece, 0, all, at, piece.length);
                at += piece.length;
            }
            return WavFile.bytes(new Waveform(all, sampleRateHz), SampleFormat.PCM16);
        }
    }

    /** Samples at the rate of the wire, and nothing else. */
    final class Pcm implements Sound {
        private final StreamingResampler resampler;

        Pcm(int sampleRateHz) {
            this.resampler = new StreamingResampler(sampleRateHz, WIRE_RATE_HZ);
        }

        @Override
        public byte[] accept(float[] samples) {
            return Pcm16.encode(resampler.accept(samples, false));
        }

        @Override
        public byte[] finish() {
            return Pcm16.encode(resampler.accept(new float[0], true));
        }
    }
}
