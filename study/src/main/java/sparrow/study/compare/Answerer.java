package sparrow.study.compare;

import java.io.IOException;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import sparrow.engine.decode.Reply;
import sparrow.models.Prompt;
import sparrow.models.SpokenModel;
import sparrow.speech.vocode.Noise;
import sparrow.speech.vocode.Synthesizer;
import sparrow.speech.wave.SampleFormat;
import sparrow.speech.wave.WavFile;
import sparrow.speech.wave.Waveform;
import sparrow.study.run.Decoding;
import sparrow.study.run.Encoded;
import sparrow.study.run.FileDigest;
import sparrow.study.run.KeptReply;
import sparrow.study.run.PolicyCase;
import sparrow.study.run.Prompts;
import sparrow.study.run.Replies;
import sparrow.study.run.StudyQuestion;
import sparrow.study.run.Work;
import sparrow.study.speak.TextToSpeech;

/**
 * The first part of a comparison: every policy answers every question. Every reply is vocoded whole, or
 * in blocks where a flow forgets, with the noise of the same seed: the same codes give the same sound, whatever came before.
 */
record Answerer(List<PolicyCase> cases, Decoding decoding, TextToSpeech textToSpeech)
        implements Work<StudyQuestion, Answerer.SpokenReply> {
    /**
     * A reply with its sound.
     *
     * @param wav a WAV file; null where nothing was said
     */
    record SpokenReply(KeptReply reply, byte[] wav) {}

    @Override
    public Encoded encode(StudyQuestion question, SpokenModel model) throws IOException {
        return Encoded.of(new Prompts(model, textToSpeech).of(question.item()));
    }

    @Override
    public boolean besideDecoding() {
        return true;
    }

    @Override
    public Finder<StudyQuestion, SpokenReply> finder(SpokenModel model) {
        return new Vocoder(model, decoding.sampling().seed());
    }

    /** Makes sound of the replies of one batch. */
    private static final class Vocoder implements Finder<StudyQuestion, SpokenReply> {
        private final SpokenModel model;
        private final long noiseSeed;

        /** Policies often give the same codes, which need not become sound again. */
        private final Map<Utterance, Sound> vocoded = new HashMap<>();

        private record Utterance(String question, List<Integer> codes) {}

        private record Sound(byte[] wav, KeptReply.Speech speech) {}

        Vocoder(SpokenModel model, long noiseSeed) {
            this.model = model;
            this.noiseSeed = noiseSeed;
        }

        @Override
        public SpokenReply find(StudyQuestion question, Prompt prompt, Reply reply) {
            int[] codes = model.languageModel().tokens().codes(reply.tokens());
            Sound sound = codes.length == 0
                    ? new Sound(null, null)
                    : vocoded.computeIfAbsent(
                            new Utterance(
                                    question.toString(),
                                    Arrays.stream(codes).boxed().toList()),
                            _ -> vocode(codes));
            String text = Replies.text(model, reply.tokens());
            return new SpokenReply(KeptReply.of(reply, text, prompt.tokens().length, sound.speech()), sound.wav());
        }

        private Sound vocode(int[] codes) {
            Synthesizer synthesizer = model.synthesizer();
            Noise noise = Noise.seeded(noiseSeed);
            float[] samples = model.flow().forgets()
                    ? synthesizer.synthesizeInBlocks(codes, noise)
                    : synthesizer.synthesize(codes, noise);
            Waveform speech = new Waveform(samples, synthesizer.sampleRateHz());
            byte[] wav = WavFile.bytes(speech, SampleFormat.PCM16);
            return new Sound(wav, new KeptReply.Speech(FileDigest.sha256(wav), speech.seconds()));
        }
    }
}
