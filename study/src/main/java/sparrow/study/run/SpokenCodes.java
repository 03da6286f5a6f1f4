package sparrow.study.run;

import sparrow.models.SpokenModel;
import sparrow.speech.vocode.Noise;
import sparrow.speech.vocode.Synthesizer;
import sparrow.speech.wave.SampleFormat;
import sparrow.speech.wave.WavFile;
import sparrow.speech.wave.Waveform;
import sparrow.study.folder.FileDigest;

/**
 * The audio of a reply, vocoded at once, or in blocks if the flow has a limited memory. The codes and the seed fully
 * determine the audio.
 *
 * @param wav a WAV file
 * @param speech digest and duration of the WAV file
 */
public record SpokenCodes(byte[] wav, KeptReply.Speech speech) {
    /**
     * Synthesises the audio of codes.
     *
     * @param codes one or more codes
     * @param noiseSeed seed of the flow's noise
     */
    public static SpokenCodes of(SpokenModel model, int[] codes, long noiseSeed) {
        Synthesizer synthesizer = model.synthesizer();
        Noise noise = Noise.seeded(noiseSeed);
        float[] samples = model.flow().hasLimitedContext()
                ? synthesizer.synthesizeInBlocks(codes, noise)
                : synthesizer.synthesize(codes, noise);
        Waveform speech = new Waveform(samples, synthesizer.sampleRateHz());
        byte[] wav = WavFile.bytes(speech, SampleFormat.PCM16);
        return new SpokenCodes(wav, new KeptReply.Speech(FileDigest.sha256(wav), speech.seconds()));
    }
}
