package sparrow.engine.decode;

import java.util.ArrayList;
import java.util.List;
import sparrow.engine.exit.Logits;
import sparrow.engine.exit.StepHead;
import sparrow.engine.interleave.Modality;

/**
 * Lets the step head draft for a batch, before the pass that confirms: one token after the other, and each time for all
 * sequences that want another one, so that its weights are read once for them.
 */
final class StepDrafts {
    private final LanguageModel model;
    private final BatchHeads heads;

    StepDrafts(LanguageModel model, BatchHeads heads) {
        this.model = model;
        this.heads = heads;
    }

    /** Drafts behind what was fed, in every sequence whose plan and place allow it. */
    void draft(List<Generation> generations) {
        for (List<Generation> drafting = wanting(generations); !drafting.isEmpty(); drafting = wanting(drafting)) {
            draftOne(drafting, model.heads().step().orElseThrow());
        }
    }

    private static List<Generation> wanting(List<Generation> generations) {
        return generations.stream().filter(Generation::wantsStepDraft).toList();
    }

    private void draftOne(List<Generation> drafting, StepHead head) {
        List<float[]> states = head.next(
                model.transformer().kernels(),
                drafting.stream().map(Generation::stepState).toList(),
                drafting.stream()
                        .map(generation -> model.transformer().embed(generation.fed()))
                        .toList());
        List<HeadRow> rows = new ArrayList<>();
        for (int i = 0; i < states.size(); i++) {
            // A draft of speech is never anything else, whatever full depth is asked for: so fewer rows are read.
            rows.add(new HeadRow(
                    model.transformer().state(states.get(i)), drafting.get(i).expects() == Modality.SPEECH));
        }
        List<Logits> logits = heads.logits(rows, model.layers());
        for (int i = 0; i < states.size(); i++) {
            logits.get(i).requireNumbers(model.layers());
            drafting.get(i).draftStep(states.get(i), logits.get(i));
        }
    }
}
