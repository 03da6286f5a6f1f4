// Summarises the scores of a position as four ints. All except the token are the bits of an f32: the largest score (NaN
// if any score is NaN); its token, the lowest id in a tie; the sum of e^(score - largest); and the sum of e^(score -
// largest) (score - largest). One work-group per position. If has_tokens is 1, tokens contains the id of each score;
// otherwise, score n belongs to token n.

// Returns whether a score replaces the best one so far: it is larger, has the lower id in a tie, or is the first NaN.
DEVICE int is_better(float score, int id, float best, int best_id) {
    if (best != best) return 0;
    if (score != score) return 1;
    return score > best || (score == best && id < best_id);
}

KERNEL void NAME(
        GLOBAL const float *scores,
        GLOBAL const int *tokens,
        GLOBAL int *summaries,
        int has_tokens,
        int count,
        int at,
        int pitch) {
    LOCAL float best[ITEMS];
    LOCAL int token[ITEMS];
    LOCAL float sums[ITEMS];
    LOCAL float weighted[ITEMS];
    GLOBAL const float *from = scores + at + (long) GROUP(1) * pitch;
    const int i = ITEM();
    float my_best = MINUS_INFINITY;
    int my_token = 0x7fffffff;
    for (int c = i; c < count; c += ITEMS) {
        const float score = from[c];
        const int id = has_tokens ? tokens[c] : c;
        if (is_better(score, id, my_best, my_token)) {
            my_best = score;
            my_token = id;
        }
    }
    best[i] = my_best;
    token[i] = my_token;
    BARRIER();
    for (int step = ITEMS / 2; step > 0; step /= 2) {
        if (i < step && is_better(best[i + step], token[i + step], best[i], token[i])) {
            best[i] = best[i + step];
            token[i] = token[i + step];
        }
        BARRIER();
    }
    const float largest = best[0];
    float sum = 0;
    float weight = 0;
    for (int c = i; c < count; c += ITEMS) {
        const float shifted = from[c] - largest;
        const float e = exp(shifted);
        sum += e;
        // Masked scores do not contribute.
        if (e > 0) weight = fma(e, shifted, weight);
    }
    sums[i] = sum;
    weighted[i] = weight;
    BARRIER();
    for (int step = ITEMS / 2; step > 0; step /= 2) {
        if (i < step) {
            sums[i] += sums[i + step];
            weighted[i] += weighted[i + step];
        }
        BARRIER();
    }
    if (i == 0) {
        GLOBAL int *to = summaries + GROUP(1) * 4;
        to[0] = AS_INT(largest);
        to[1] = token[0];
        to[2] = AS_INT(sums[0]);
        to[3] = AS_INT(weighted[0]);
    }
}
