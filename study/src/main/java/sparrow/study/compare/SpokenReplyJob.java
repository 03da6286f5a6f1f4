package sparrow.study.compare;

import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import sparrow.engine.reply.Reply;
import sparrow.models.Prompt;
import sparrow.models.SpokenModel;
import sparrow.speech.vocode.Noise;
import sparrow.speech.vocode.Synthesizer;
import sparrow.speech.wave.SampleFormat;
import sparrow.speech.wave.WavFile;
import sparrow.speech.wave.Waveform;
import sparrow.study.run.Decoding;
import sparrow.study.run.FileDigest;
import sparrow.study.run.GenerationJob;
import sparrow.study.run.KeptReply;
import sparrow.study.run.PolicyCase;
import sparrow.study.run.Replies;

/**
 * The first part of a comparison: every policy answers every question. Every reply is vocoded whole, or
 * in blocks where a flow forgets, with the noise of the same seed: the same codes give the same sound, whatever came before.
 */
record SpokenReplyJob(List<PolicyCase> cases, Decoding decoding) implements GenerationJob<SpokenReplyJob.SpokenReply> {
    /**
     * A reply with its sound.
     *
     * @param wav a WAV file; null where nothing was said
     */
    record SpokenReply(KeptReply reply, byte[] wav) {
        SpokenReply {
            String digest = wav == null ? null : FileDigest.sha256(wav);
            if (!Objects.equals(
                    digest, reply.speech() == null ? null : reply.speech().sha256())) {
                throw new IllegalArgumentException("reply: its sound is not the one that was made");
            }
        }
    }

    @Override
    public boolean besideDecoding() {
        return true;
    }

    @Override
    public Reader<SpokenReply> reader(SpokenModel model) {
        return new Vocoder(model, decoding.sampling().seed());
    }

    /** Makes sound of the replies of one batch. */
    private static final class Vocoder implements Reader<SpokenReply> {
        private final SpokenModel model;
        private final long noiseSeed;

        /** Policies often give the same codes, which need not become sound again. */
        private final Map<Utterance, Sound> vocoded = new HashMap<>();

        private record Utterance(int member, List<Integer> codes) {}

        private record Sound(byte[] wav, KeptReply.Speech speech) {}

        Vocoder(SpokenModel model, long noiseSeed) {
            this.model = model;
            this.noiseSeed = noiseSeed;
        }

        @Override
        public SpokenReply read(int member, Prompt prompt, Reply reply) {
            int[] codes = Replies.codes(model, reply.units());
            Sound sound = codes.length == 0
                    ? new Sound(null, null)
                    : vocoded.computeIfAbsent(
                            new Utterance(member, Arrays.stream(codes).boxed().toList()), _ -> vocode(codes));
            String text = Replies.text(model, reply.units());
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
