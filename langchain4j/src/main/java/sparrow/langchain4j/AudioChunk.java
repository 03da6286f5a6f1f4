package sparrow.langchain4j;

import sparrow.speech.wave.SampleFormat;
import sparrow.speech.wave.WavFile;
import sparrow.speech.wave.Waveform;

/**
 * A piece of a reply's audio, which follows the previous piece without a gap. It is passed to
 * {@code StreamingChatResponseHandler.onUnmappedRawEvent}, because LangChain4j has no callback for audio yet.
 *
 * @param samples mono samples in [-1, 1]; must not be modified
 * @param sampleRateHz the model's sample rate
 */
public record AudioChunk(float[] samples, int sampleRateHz) {
    /** Returns this piece as a 16-bit WAV file. */
    public byte[] wav() {
        return WavFile.bytes(new Waveform(samples, sampleRateHz), SampleFormat.PCM16);
    }

    /** Returns the duration in seconds. */
    public double seconds() {
        return (double) samples.length / sampleRateHz;
    }
}
