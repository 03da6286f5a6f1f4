package sparrow.study.layers;

import java.io.IOException;
import java.util.List;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeSet;
import sparrow.engine.exit.Head;
import sparrow.models.SpokenModel;
import sparrow.study.read.ReplyReader;
import sparrow.study.run.Decoding;
import sparrow.study.run.Encoded;
import sparrow.study.run.KeptReply;
import sparrow.study.run.PolicyCase;
import sparrow.study.run.Prompts;
import sparrow.study.run.Replies;
import sparrow.study.run.StudyQuestion;
import sparrow.study.run.Work;
import sparrow.study.speak.TextToSpeech;

/** Answers every question at full depth, and reads the layers of the reply. */
record ReadingWork(Lens lens, SortedSet<Integer> layers, Decoding decoding, TextToSpeech textToSpeech)
        implements Work<StudyQuestion, ReplyReading> {
    static ReadingWork of(LayerSetup setup) {
        return new ReadingWork(setup.lens(), setup.layers(), setup.decoding(), setup.textToSpeech());
    }

    @Override
    public List<PolicyCase> cases() {
        return List.of(PolicyCase.NONE);
    }

    @Override
    public Encoded encode(StudyQuestion question, SpokenModel model) throws IOException {
        return Encoded.of(new Prompts(model, textToSpeech).of(question.item()));
    }

    @Override
    public Finder<StudyQuestion, ReplyReading> finder(SpokenModel model) {
        SortedMap<Integer, Head> heads = lens.heads(layers, model.languageModel());
        ReplyReader replies = new ReplyReader(model, new TreeSet<>(heads.keySet()));
        LensReader reader = new LensReader(model.languageModel(), heads);
        return (question, prompt, reply) -> {
            String text = Replies.text(model, reply.tokens());
            return new ReplyReading(
                    KeptReply.of(reply, text, prompt.tokens().length, null),
                    reader.read(replies.read(prompt, reply.tokens())));
        };
    }
}
