package sparrow.study.heads;

import java.io.IOException;
import java.util.List;
import java.util.TreeSet;
import sparrow.engine.decode.Limits;
import sparrow.engine.decode.SpeechLogits;
import sparrow.engine.sample.Sampling;
import sparrow.models.SpokenModel;
import sparrow.models.Turn;
import sparrow.study.read.HiddenStates;
import sparrow.study.read.ReplyReader;
import sparrow.study.run.Decoding;
import sparrow.study.run.Encoded;
import sparrow.study.run.PolicyCase;
import sparrow.study.run.Work;

/** Answers every prompt at full depth, and makes the record of the reply. */
record HarvestWork(RecordLayout layout, Sampling sampling, int newTokens)
        implements Work<HarvestWork.Numbered, ReplyRecord> {
    /**
     * A prompt and its place.
     *
     * @param number from 0; also which random numbers its reply draws
     */
    record Numbered(int number, HarvestPrompt prompt) {}

    @Override
    public List<PolicyCase> cases() {
        return List.of(PolicyCase.NONE);
    }

    @Override
    public Decoding decoding() {
        return new Decoding(sampling, Limits.newTokens(newTokens), SpeechLogits.ALL);
    }

    @Override
    public Encoded encode(Numbered asked, SpokenModel model) throws IOException {
        return new Encoded(model.prompt(asked.prompt().question(), Turn.FIRST), asked.number());
    }

    @Override
    public Finder<Numbered, ReplyRecord> finder(SpokenModel model) {
        int last = model.languageModel().transformer().config().layers();
        ReplyReader reader = new ReplyReader(model, new TreeSet<>(layout.layers()));
        LastLayer lastLayer = new LastLayer(model.languageModel());
        return (asked, prompt, reply) -> {
            HiddenStates states = reader.read(prompt, reply.tokens());
            return ReplyRecord.of(
                    layout, reply.steps(), states::after, lastLayer.distributions(states.after(last), layout.top()));
        };
    }
}
