/**
 * What everything shares that asks a service with the protocol of OpenAI (recognisers, judges): its address, its key,
 * how patiently it is asked, and one way to say what went wrong. Knows neither audio nor judgements.
 */
package sparrow.study.http;
