# What nlme makes of the same series: Rscript tests/data/peers/nlme.R, from the checkout. Writes nlme.json.
# gls with an exponential correlation and a nugget has the covariance of ours: range = 1/a, 1 - nugget = rho.
library(nlme)
d <- read.csv("tests/data/peers/kossakowski2017_moments.csv")
# Two answers of the same minute have distance zero, which corExp refuses.
d <- d[!duplicated(d$t_days), ]
at <- function(range, nugget) {
  gls(tired ~ 1, data = d, method = "ML",
      correlation = corExp(c(range, nugget), form = ~ t_days, nugget = TRUE, fixed = TRUE))
}
free <- gls(tired ~ 1, data = d, method = "ML",
            correlation = corExp(c(1, 0.3), form = ~ t_days, nugget = TRUE))
row <- function(m, range, nugget) sprintf(
  '{"range": %.10f, "nugget": %.10f, "sigma": %.10f, "level": %.10f, "log_likelihood": %.8f}',
  range, nugget, m$sigma * sqrt((m$dims$N - m$dims$p * 0) / m$dims$N), coef(m)[[1]], as.numeric(logLik(m)))
own <- coef(free$modelStruct$corStruct, unconstrained = FALSE)
rows <- c(row(at(0.5, 0.2), 0.5, 0.2), row(at(3, 0.5), 3, 0.5), row(free, own[[1]], own[[2]]))
cat(sprintf('{"peer": "nlme %s, gls with corExp and nugget, ML, %s",\n "series": "kossakowski2017_moments.csv, tired",\n "n": %d,\n "fits": [%s]}\n',
            packageVersion("nlme"), R.version.string, nrow(d), paste(rows, collapse = ",\n  ")),
    file = "tests/data/peers/nlme.json")
