package sparrow.bench.load;

import java.util.List;

/**
 * The settings of a talker.
 *
 * @param questions recordings to choose from
 * @param turns number of questions to ask
 * @param noneAfter time after which no question starts
 * @param bargeIn fraction of answers to interrupt
 * @param turnTaking side that detects the end of a question
 * @param history treatment of earlier turns
 */
public record TalkerPlan(
        List<Recording> questions, int turns, long noneAfter, double bargeIn, TurnTaking turnTaking, History history) {}
