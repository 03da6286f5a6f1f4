package sparrow.bench.load;

import java.util.List;

/**
 * The plan of a talker.
 *
 * @param questions to choose from
 * @param turns questions to ask
 * @param noneAfter no question begins after this moment
 * @param bargeIn share of answers to interrupt
 * @param turnTaking the side that tells when a question is over
 * @param history the fate of earlier turns
 */
record TalkerPlan(
        List<Recording> questions, int turns, long noneAfter, double bargeIn, TurnTaking turnTaking, History history) {}
