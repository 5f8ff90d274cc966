/** Three columns have room for everything at once; on narrower pages what one brings is folded, so that the map comes first. */
export const roomy = (): boolean => matchMedia("(min-width: 70rem)").matches;
