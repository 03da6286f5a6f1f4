package sparrow.study.scoring;

import java.io.IOException;
import sparrow.models.SpokenModel;
import sparrow.study.run.Job;
import sparrow.study.run.Worker;

/**
 * Scores clips with a recogniser and a scorer of opinions that each worker opens.
 *
 * @param asr a recogniser in the notation of {@link ScoringPlan}, by a path that is valid on every worker
 * @param mos a scorer of opinions, likewise
 * @param threads that score at the same time; null for as many as the model computes on
 */
record ScoringJob(String asr, String mos, Integer threads) implements Job<ClipBatch, AudioScores> {
    @Override
    public Worker<ClipBatch, AudioScores> open(SpokenModel model) throws IOException {
        int atOnce = threads != null
                ? threads
                : model.languageModel().transformer().kernels().pool().threads();
        AudioScorer scorer = AudioScorer.open(asr, mos, atOnce);
        return new ScoringWorker(scorer, scorer::close);
    }
}
