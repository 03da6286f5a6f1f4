package sparrow.study.layers;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.SequencedMap;
import java.util.Set;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeSet;
import sparrow.engine.decode.Reply;
import sparrow.engine.exit.ExitPlan;
import sparrow.engine.exit.Head;
import sparrow.models.Prompt;
import sparrow.models.SpokenModel;
import sparrow.study.data.Item;
import sparrow.study.run.Failures;
import sparrow.study.run.ItemFiles;
import sparrow.study.run.KeptReply;
import sparrow.study.run.Prompts;
import sparrow.study.run.QuestionSet;
import sparrow.study.run.Replies;
import sparrow.study.run.RunFolder;
import sparrow.study.run.RunProgress;
import sparrow.study.run.RunStoppedException;

/** Lets a model answer at full depth and reads its layers, question by question; what is there already stays as it is. */
final class LayerAsking {
    private final SpokenModel model;
    private final LayerSetup setup;
    private final RunProgress progress;
    private final SortedSet<Integer> layers;
    private final LayerReader reader;
    private final Replies replies;
    private final Prompts prompts;
    private final ItemFiles<ReplyReading> kept;

    /**
     * One question.
     *
     * @param set the name of its set
     */
    private record Asked(String set, Item item) {
        @Override
        public String toString() {
            return set + " " + item.id();
        }
    }

    private record Heard(Asked asked, Prompt prompt) {}

    LayerAsking(LayerSetup setup, RunFolder run, RunProgress progress) {
        this.model = setup.model();
        this.setup = setup;
        this.progress = progress;
        SortedMap<Integer, Head> heads = setup.lens().heads(setup.layers(), model.languageModel());
        this.layers = new TreeSet<>(heads.keySet());
        this.reader = new LayerReader(model.languageModel(), heads);
        this.replies = new Replies(model, ExitPlan.NONE, setup.decoding());
        this.prompts = new Prompts(model, setup.textToSpeech());
        this.kept = run.items("readings", ReplyReading.class);
    }

    LayerReadings run() throws IOException {
        List<Asked> questions = questions();
        SequencedMap<String, String> unasked = new LinkedHashMap<>();
        progress.begin("reading layers", missing(questions).size());
        // Batches of all questions, as a comparison's, so that a run that was stopped decodes what one go would have.
        for (int from = 0; from < questions.size(); from += setup.batch()) {
            ask(questions.subList(from, Math.min(questions.size(), from + setup.batch())), unasked);
        }
        List<LayerReadings.Answered> answered = new ArrayList<>();
        for (Asked asked : questions) {
            Optional<ReplyReading> reading = read(asked);
            if (reading.isEmpty()) continue;
            answered.add(new LayerReadings.Answered(asked.set(), asked.item().id(), reading.get()));
        }
        return new LayerReadings(answered, unasked);
    }

    private List<Asked> questions() {
        List<Asked> questions = new ArrayList<>();
        for (QuestionSet set : setup.sets()) {
            for (Item item : set.items()) questions.add(new Asked(set.name(), item));
        }
        return questions;
    }

    private Optional<ReplyReading> read(Asked asked) throws IOException {
        return kept.read(asked.set(), asked.item().id());
    }

    private Set<Asked> missing(List<Asked> questions) throws IOException {
        Set<Asked> missing = new LinkedHashSet<>();
        for (Asked asked : questions) if (read(asked).isEmpty()) missing.add(asked);
        return missing;
    }

    private void ask(List<Asked> batch, SequencedMap<String, String> unasked) throws IOException {
        Set<Asked> missing = missing(batch);
        if (missing.isEmpty()) return;
        List<Heard> heard = new ArrayList<>();
        for (Asked asked : batch) {
            try {
                heard.add(new Heard(asked, prompts.of(asked.item())));
            } catch (IOException | UncheckedIOException | IllegalArgumentException e) {
                // Reading fails as well where the thread is interrupted.
                if (Thread.currentThread().isInterrupted()) throw new RunStoppedException();
                // One recording of a thousand that is silent or broken must not end a run of hours.
                unasked.put(asked.toString(), Failures.reason(e));
                if (missing.contains(asked)) progress.done();
            }
        }
        if (heard.isEmpty()) return;
        List<Reply> answers = replies.to(heard.stream().map(Heard::prompt).toList());
        for (int i = 0; i < heard.size(); i++) {
            Asked asked = heard.get(i).asked();
            if (!missing.contains(asked)) continue;
            kept.write(
                    reading(heard.get(i).prompt(), answers.get(i)),
                    asked.set(),
                    asked.item().id());
            progress.done();
        }
    }

    private ReplyReading reading(Prompt prompt, Reply reply) {
        String text = Replies.text(model, reply.tokens());
        LayerStates states = LayerStates.of(model, prompt, reply.tokens(), layers);
        return new ReplyReading(KeptReply.of(reply, text, prompt.tokens().length, null), reader.read(states));
    }
}
